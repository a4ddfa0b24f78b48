package io.tidecast.architectures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Weights, inputs, outputs and intermediates computed by the official PyTorch code of a model, one
 * folder a case. Beside the shipped cases, those of the folder named by the system property {@code
 * tidecast.parity} are read.
 */
public record ParityCase(
    String name,
    Architecture<?> architecture,
    ObjectNode hyperparameters,
    double tolerance,
    Map<String, Tensor> weights,
    Map<String, Tensor> io) {

  private static final double INTERMEDIATE_TOLERANCE = 2e-5;

  /** Every case there is for an architecture, at least one. */
  public static List<ParityCase> all(String architecture) {
    List<ParityCase> cases = new ArrayList<>();
    Path shipped =
        Path.of(
            System.getProperty("tidecast.root"), "models/architectures/src/test/resources/parity");
    String extra = System.getProperty("tidecast.parity", "");
    for (Path root : extra.isEmpty() ? List.of(shipped) : List.of(shipped, Path.of(extra))) {
      try (Stream<Path> folders = Files.list(root)) {
        folders
            .filter(folder -> folder.getFileName().toString().startsWith(architecture))
            .filter(folder -> Files.exists(folder.resolve("config.json")))
            .sorted()
            .forEach(folder -> cases.add(read(folder)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertThat(cases).as("parity cases of " + architecture).isNotEmpty();
    return cases;
  }

  private static ParityCase read(Path folder) {
    try {
      JsonNode config = new ObjectMapper().readTree(folder.resolve("config.json").toFile());
      String model = config.get("model").asText();
      Architecture<?> architecture =
          Architecture.all().stream()
              .filter(a -> model.equals(a.name()) || model.startsWith(a.name() + "-"))
              .findFirst()
              .orElseThrow();
      return new ParityCase(
          folder.getFileName().toString(),
          architecture,
          (ObjectNode) config.get("hyperparameters"),
          config.get("tolerance_max_abs_diff_float32").asDouble(),
          SafeTensors.read(folder.resolve("weights.safetensors")),
          SafeTensors.read(folder.resolve("io.safetensors")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the intermediates that the official code gave. */
  public List<String> intermediates() {
    return io.keySet().stream().filter(n -> !n.equals("x_enc") && !n.equals("y")).toList();
  }

  /** Holds one result against the official one: the forecast absolutely, the rest by its size. */
  public void assertMatches(String tensor, float[] actual) {
    float[] expected = io.get(tensor).floats();
    assertThat(actual).as(name + " " + tensor).hasSameSizeAs(expected);
    double largest = 1;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, distance(expected[i], actual[i]));
    }
    double bound = tensor.equals("y") ? tolerance : INTERMEDIATE_TOLERANCE * largest;
    assertThat(difference).as(name + " " + tensor).isLessThanOrEqualTo(bound);
  }

  private static double distance(float expected, float actual) {
    double distance = Math.abs((double) expected - actual);
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  @Override
  public String toString() {
    return name;
  }
}
