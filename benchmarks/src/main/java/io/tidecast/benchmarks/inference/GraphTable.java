package io.tidecast.benchmarks.inference;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Prints how fast the graph of every model of the zoo is, per batch size, beside another graph of
 * the same network in turns: the same without the shapes of its intermediate results, or one of
 * another zoo.
 */
public final class GraphTable {

  private static final int[] BATCHES =
      Arrays.stream(System.getProperty("tidecast.batches", "1,32,128,512").split(","))
          .mapToInt(Integer::parseInt)
          .toArray();

  /** The folder of the other zoo; the graphs are compared with themselves without it. */
  private static final String OTHER_ZOO = "tidecast.zoo";

  private GraphTable() {}

  /**
   * Measures every model.
   *
   * @param arguments names of models, or none for all
   */
  public static void main(String[] arguments) throws IOException {
    Path zoo = Path.of(System.getProperty("tidecast.root", ""), "models", "zoo");
    String other = System.getProperty(OTHER_ZOO);
    String beside = other == null ? "without shapes" : "graphs of " + other;
    System.out.println(
        "One intra-op thread; windows per second of processor time (of wall clock)\n");
    System.out.printf("| model | batch | %s | these graphs | ratio |%n", beside);
    System.out.println("|---|---:|---:|---:|---:|");
    for (Path folder : models(zoo, List.of(arguments))) {
      ModelBundle model = ModelBundle.read(folder);
      ModelBundle reference =
          other == null
              ? withoutShapes(model)
              : ModelBundle.read(Path.of(other).resolve(zoo.relativize(folder)));
      for (int batch : BATCHES) {
        try (Contender before = new RawOnnx(reference, 1, batch);
            Contender now = new RawOnnx(model, 1, batch)) {
          System.out.printf(
              Locale.ROOT,
              "| %s %s%n",
              model.manifest().id(),
              Turns.of(before, now, batch).line(batch));
        }
      }
    }
  }

  private static List<Path> models(Path zoo, List<String> names) throws IOException {
    try (Stream<Path> folders = Files.walk(zoo, 2)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve(ModelManifest.FILE)))
          .filter(
              folder ->
                  names.isEmpty() || names.contains(zoo.relativize(folder).getName(0).toString()))
          .sorted()
          .toList();
    }
  }

  private static ModelBundle withoutShapes(ModelBundle model)
      throws InvalidProtocolBufferException {
    ModelProto.Builder graph = ModelProto.parseFrom(model.onnx()).toBuilder();
    graph.getGraphBuilder().clearValueInfo();
    byte[] onnx = graph.build().toByteArray();
    return new ModelBundle(model.manifest(), new CheckedGraph(onnx), GoldenVectors.none());
  }
}
