package io.tidecast.architectures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.networks.Architectures;
import io.tidecast.architectures.weights.SafeTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    Set<String> given,
    Map<String, Tensor> weights,
    Map<String, Tensor> io) {

  private static final double INTERMEDIATE_TOLERANCE = 2e-5;

  /** Every case there is, at least one for each architecture. */
  public static List<ParityCase> all() {
    List<ParityCase> cases = new ArrayList<>();
    Path shipped =
        Path.of(
            System.getProperty("tidecast.root"), "models/architectures/src/test/resources/parity");
    String extra = System.getProperty("tidecast.parity", "");
    for (Path root : extra.isEmpty() ? List.of(shipped) : List.of(shipped, Path.of(extra))) {
      try (Stream<Path> folders = Files.list(root)) {
        folders
            .filter(folder -> Files.exists(folder.resolve("config.json")))
            .sorted()
            .forEach(folder -> read(folder).ifPresent(cases::add));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertThat(cases)
        .extracting(parity -> parity.architecture().name())
        .containsAll(
            Architectures.all().stream()
                // What is solved has no official implementation to be held against.
                .filter(architecture -> !architecture.inClosedForm())
                .map(Architecture::name)
                .toList());
    return cases;
  }

  /** The case of a folder, unless it is of another architecture. */
  private static Optional<ParityCase> read(Path folder) {
    try {
      JsonNode config = new ObjectMapper().readTree(folder.resolve("config.json").toFile());
      String model = config.get("model").asText();
      Optional<Architecture<?>> architecture =
          Architectures.all().stream().filter(a -> model.startsWith(a.name())).findFirst();
      if (architecture.isEmpty()) {
        return Optional.empty();
      }
      Map<String, Tensor> weights =
          new LinkedHashMap<>(SafeTensors.read(folder.resolve("weights.safetensors")));
      Map<String, Tensor> io = SafeTensors.read(folder.resolve("io.safetensors"));
      // The drawn tables of the official code are inputs of its cases; here they go with weights.
      io.forEach(
          (tensor, value) -> {
            if (tensor.startsWith("sample_")) {
              weights.put(tensor, value);
            }
          });
      Set<String> given = new HashSet<>();
      config.get("inputs").fieldNames().forEachRemaining(given::add);
      return Optional.of(
          new ParityCase(
              folder.getFileName().toString(),
              architecture.get(),
              (ObjectNode) config.get("hyperparameters"),
              config.get("tolerance_max_abs_diff_float32").asDouble(),
              given,
              weights,
              io));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the network is given, in the shapes that it asks for. */
  public Map<Role, Tensor> inputs() {
    Map<Role, Tensor> inputs = new EnumMap<>(Role.class);
    if (io.containsKey("noise_0")) {
      Tensor x = io.get("x");
      inputs.put(Role.CONTEXT, Tensor.of(x.floats(), x.shape()[0], x.shape()[1], 1));
      inputs.put(Role.NOISE, noise((int) x.shape()[0]));
    } else {
      inputs.put(Role.CONTEXT, io.get("x_enc"));
    }
    if (io.containsKey("x_mark_enc")) {
      inputs.put(Role.CONTEXT_TIME_FEATURES, io.get("x_mark_enc"));
      inputs.put(Role.FUTURE_TIME_FEATURES, newest(io.get("x_mark_dec"), "pred_len"));
    }
    return inputs;
  }

  /** One tensor of every call, rows sample by sample, to {@code [batch, call, sample, step]}. */
  private Tensor noise(int batch) {
    int calls = (int) io.keySet().stream().filter(key -> key.startsWith("noise_")).count();
    int samples = (int) io.get("noise_0").shape()[0] / batch;
    int length = (int) io.get("noise_0").shape()[1];
    float[] values = new float[batch * calls * samples * length];
    for (int call = 0; call < calls; call++) {
      float[] rows = io.get("noise_" + call).floats();
      for (int s = 0; s < samples; s++) {
        for (int b = 0; b < batch; b++) {
          int to = ((b * calls + call) * samples + s) * length;
          System.arraycopy(rows, (s * batch + b) * length, values, to, length);
        }
      }
    }
    return Tensor.of(values, batch, calls, samples, length);
  }

  /** The last steps of {@code [batch, time, feature]}. */
  private Tensor newest(Tensor x, String hyperparameter) {
    int steps = hyperparameters.get(hyperparameter).asInt();
    int batch = (int) x.shape()[0];
    int length = (int) x.shape()[1];
    int features = (int) x.shape()[2];
    float[] values = new float[batch * steps * features];
    for (int b = 0; b < batch; b++) {
      int from = (b * length + length - steps) * features;
      System.arraycopy(x.floats(), from, values, b * steps * features, steps * features);
    }
    return Tensor.of(values, batch, steps, features);
  }

  /** Names of the intermediates that the official code gave. */
  public List<String> intermediates() {
    return io.keySet().stream().filter(n -> !given.contains(n) && !n.equals("y")).toList();
  }

  /** Holds one result against the official one: the forecast absolutely, the rest by its size. */
  public void assertMatches(String tensor, float[] actual) {
    float[] expected = floats(io.get(tensor));
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

  /** Integers, such as places, come out of a network as floats. */
  private static float[] floats(Tensor tensor) {
    if (tensor.isFloat()) {
      return tensor.floats();
    }
    float[] floats = new float[tensor.longs().length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = tensor.longs()[i];
    }
    return floats;
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
