package io.tidecast.runtime.hostile;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.testing.TestModels;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** The folder of a hostile model, and what lies around it. */
final class HostileFolder {

  /** Bait files have this in their names: nothing may open one. */
  static final String BAIT = "bait";

  /** What is in every bait, and may be in no message. */
  static final String SECRET = "password=TIDE-SECRET-8f2c";

  private final Path root;

  /** Makes the folder and the baits. */
  HostileFolder(Path root) throws IOException {
    this.root = root.toAbsolutePath();
    Files.createDirectories(model().resolve("sub"));
    for (Path bait :
        List.of(
            this.root.resolve("bait.txt"),
            model().resolve("bait.txt"),
            model().resolve("sub/bait.txt"))) {
      Files.writeString(bait, (SECRET + "\n").repeat(64));
    }
  }

  Path model() {
    return root.resolve("model");
  }

  /** The bait beside the folder. */
  Path bait() {
    return root.resolve("bait.txt");
  }

  Path file(String name, byte[] bytes) throws IOException {
    return Files.write(model().resolve(name), bytes);
  }

  /** Makes a file of holes, which takes no room on the disk. */
  void sparse(String name, long bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(model().resolve(name).toFile(), "rw")) {
      file.setLength(bytes);
    }
  }

  void link(String name, Path target) throws IOException {
    Files.createSymbolicLink(model().resolve(name), target);
  }

  /** Writes a graph with the manifest of a model of four cells in and four out. */
  void graph(byte[] onnx) throws IOException {
    graph(onnx, UnaryOperator.identity());
  }

  /**
   * @param change of the JSON of the manifest
   */
  void graph(byte[] onnx, UnaryOperator<String> change) throws IOException {
    file(ModelBundle.ONNX_FILE, onnx);
    manifest(change.apply(manifestOf(onnx)));
  }

  void manifest(String json) throws IOException {
    Files.writeString(model().resolve(ModelManifest.FILE), json);
  }

  void golden(String json) throws IOException {
    Files.writeString(model().resolve(GoldenVectors.FILE), json);
  }

  static String manifestOf(byte[] onnx) {
    return TestModels.manifest("hostile", 4, 4, 1, List.of(), onnx).toJson();
  }

  /** Names a file of weights in a manifest. */
  static UnaryOperator<String> weights(String file, byte[] bytes) {
    return weights(file, ModelBundle.sha256(bytes), bytes.length);
  }

  static UnaryOperator<String> weights(String file, String sha256, long bytes) {
    return json ->
        json.replace(
            "\"training\" :",
            "\"weights\" : [ {\"file\" : \"%s\", \"sha256\" : \"%s\", \"bytes\" : %d} ], \"training\" :"
                .formatted(file, sha256, bytes));
  }

  /** Bytes of any text. */
  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
