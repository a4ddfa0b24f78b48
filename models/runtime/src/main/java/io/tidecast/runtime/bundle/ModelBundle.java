package io.tidecast.runtime.bundle;

import io.tidecast.graph.GraphException;
import io.tidecast.graph.GraphHeader;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.io.Serializable;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A model with everything that is needed to run it, read once where the job is submitted and
 * shipped by value.
 *
 * @param onnx the bytes of {@code model.onnx}; not copied
 * @param golden known answers, {@link GoldenVectors#none} where the model has none
 */
public record ModelBundle(ModelManifest manifest, byte[] onnx, GoldenVectors golden)
    implements Serializable {

  private static final System.Logger LOGGER = System.getLogger(ModelBundle.class.getName());

  /** The graph has this name in a model's directory. */
  public static final String ONNX_FILE = "model.onnx";

  /**
   * Checks the bytes against the manifest.
   *
   * @throws ModelException if the sha256 differs
   */
  public ModelBundle {
    String found = sha256(onnx);
    if (!found.equals(manifest.sha256())) {
      throw new ModelException(
          "model.onnx is not the file of its manifest: sha256: expected "
              + manifest.sha256()
              + ", found "
              + found);
    }
  }

  /**
   * Reads the directory of a model: {@code manifest.json}, {@code model.onnx} and, if there, {@code
   * golden.json}.
   *
   * @throws ModelException if a file is missing, malformed or not the one that the manifest means
   */
  public static ModelBundle read(Path directory) {
    ModelManifest manifest = ModelManifest.read(directory.resolve(ModelManifest.FILE));
    return new ModelBundle(
        manifest,
        bytes(directory.resolve(ONNX_FILE)),
        golden(directory.resolve(GoldenVectors.FILE)));
  }

  private static GoldenVectors golden(Path file) {
    if (Files.exists(file)) {
      return GoldenVectors.read(file);
    }
    LOGGER.log(
        Level.WARNING, "{0} is missing: the answers of this model will not be checked.", file);
    return GoldenVectors.none();
  }

  /**
   * What the bytes of a graph say of themselves, read in Java before native code is given them.
   *
   * @throws ModelException if they are no ONNX file
   */
  public static GraphHeader headerOf(byte[] onnx) {
    try {
      return GraphHeader.read(onnx);
    } catch (GraphException e) {
      throw new ModelException(e.getMessage(), e);
    }
  }

  /** Computes the sha256 of bytes as a manifest holds it, in lower-case hexadecimal. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ModelException("must be a readable file: " + file, e);
    }
  }
}
