package io.tidecast.runtime.bundle;

import io.tidecast.graph.CheckedGraph;
import io.tidecast.graph.GraphException;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.Serializable;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * A model with everything that is needed to run it, read once where the job is submitted and
 * shipped by value. Its graph has been checked and agrees with its manifest.
 *
 * @param graph whole: weights that lie beside {@code model.onnx} are in it
 * @param golden known answers, {@link GoldenVectors#none} where the model has none
 */
public record ModelBundle(ModelManifest manifest, CheckedGraph graph, GoldenVectors golden)
    implements Serializable {

  private static final System.Logger LOGGER = System.getLogger(ModelBundle.class.getName());

  /** The graph has this name in a model's directory. */
  public static final String ONNX_FILE = "model.onnx";

  /**
   * Checks that the graph takes and gives what the manifest says.
   *
   * @throws ModelException naming the tensor that differs
   */
  public ModelBundle {
    Agreement.check(manifest, graph.ports());
  }

  /**
   * Checks the bytes of a {@code model.onnx} that holds its weights.
   *
   * @throws ModelException if they are not those that the manifest means, or must not be run
   */
  public ModelBundle(ModelManifest manifest, byte[] onnx, GoldenVectors golden) {
    this(manifest, checkedAgainst(manifest, onnx), golden);
  }

  private static CheckedGraph checkedAgainst(ModelManifest manifest, byte[] onnx) {
    requireMeant(manifest, sha256(onnx));
    return checked(ONNX_FILE, () -> new CheckedGraph(onnx));
  }

  /**
   * @throws ModelException if the manifest means another file
   */
  static void requireMeant(ModelManifest manifest, String sha256) {
    if (!sha256.equals(manifest.sha256())) {
      throw new ModelException(
          "model.onnx is not the file of its manifest: sha256: expected "
              + manifest.sha256()
              + ", found "
              + sha256);
    }
  }

  static CheckedGraph checked(String file, Supplier<CheckedGraph> check) {
    try {
      return check.get();
    } catch (GraphException e) {
      throw new ModelException(file + ": " + e.getMessage(), e);
    }
  }

  /** Returns the bytes of the whole graph; not copied. */
  public byte[] onnx() {
    return graph.bytes();
  }

  /**
   * Reads the directory of a model: {@code manifest.json}, {@code model.onnx} with the weights
   * beside it and, if there, {@code golden.json}.
   *
   * @throws ModelException if a file is missing, malformed, too large or not the one that the
   *     manifest means, or the graph must not be run
   */
  public static ModelBundle read(Path directory) {
    ModelManifest manifest = ModelManifest.read(directory.resolve(ModelManifest.FILE));
    return new ModelBundle(
        manifest,
        GraphFile.read(directory, manifest).graph(),
        golden(directory.resolve(GoldenVectors.FILE)));
  }

  private static GoldenVectors golden(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return GoldenVectors.read(file);
    }
    LOGGER.log(
        Level.WARNING, "{0} is missing: the answers of this model will not be checked.", file);
    return GoldenVectors.none();
  }

  /** Computes the sha256 of bytes as a manifest holds it, in lower-case hexadecimal. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
