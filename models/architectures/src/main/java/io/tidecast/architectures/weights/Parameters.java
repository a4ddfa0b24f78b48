package io.tidecast.architectures.weights;

import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a network asks of its weights, by official name and in the order in which it asks, and how a
 * checkpoint answers that. One thread while a network declares it, then unchanged.
 */
public final class Parameters {
  /** Sines and cosines in float come out of other libraries with other last digits. */
  private static final double TOLERANCE = 1e-4;

  private final Map<String, long[]> shapes = new LinkedHashMap<>();
  private final Map<String, Integer> tables = new HashMap<>();
  private final Map<String, float[]> unlearned = new HashMap<>();

  public Parameters() {}

  /** The shape of every learned tensor, by name; the map is live. */
  public Map<String, long[]> shapes() {
    return shapes;
  }

  public void learned(String name, long... shape) {
    shapes.putIfAbsent(name, shape);
  }

  public void table(String name, int length) {
    tables.put(name, length);
  }

  public void unlearned(String name, float... values) {
    unlearned.put(name, values);
  }

  /**
   * The tensors of a checkpoint that the network reads, under their official names. A prefix that
   * most names of the checkpoint have and the official names lack, such as {@code module.}, is
   * passed over; one that every official name has and those of the checkpoint lack is put in front.
   *
   * @throws WeightsException naming everything that is missing, surplus or does not fit
   */
  public Map<String, Tensor> from(Map<String, Tensor> checkpoint) {
    Reading reading = officiallyNamed(checkpoint);
    Map<String, Tensor> named = reading.tensors();
    List<String> problems = new ArrayList<>();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          Tensor tensor = named.get(name);
          if (tensor == null) {
            problems.add("missing: " + name + " F32 " + Arrays.toString(shape));
          } else if (!tensor.isFloat() || !Arrays.equals(tensor.shape(), shape)) {
            problems.add(
                "misshapen: %s must be F32 %s, found %s"
                    .formatted(name, Arrays.toString(shape), tensor.describe()));
          }
          weights.put(name, tensor);
        });
    named.forEach(
        (name, tensor) -> {
          if (tables.containsKey(name)) {
            weights.put(name, tensor);
            if (tensor.isFloat() || tensor.longs().length != tables.get(name)) {
              problems.add(
                  "misshapen: %s must be I64 of %d, found %s"
                      .formatted(name, tables.get(name), tensor.describe()));
            }
          } else if (unlearned.containsKey(name)) {
            requireValues(name, tensor, unlearned.get(name), problems);
          } else if (!shapes.containsKey(name)) {
            problems.add("surplus: " + name + " " + tensor.describe());
          }
        });
    if (!problems.isEmpty()) {
      throw new WeightsException(
          "the checkpoint does not fit its hyperparameters%s, %d %s:%n  - %s"
              .formatted(
                  reading.prefix().isEmpty()
                      ? ""
                      : " after its prefix " + reading.prefix() + " is taken off",
                  problems.size(),
                  problems.size() == 1 ? "problem" : "problems",
                  String.join(System.lineSeparator() + "  - ", problems)));
    }
    return weights;
  }

  /** A constant that was changed would have been part of what the checkpoint was trained as. */
  private static void requireValues(
      String name, Tensor tensor, float[] values, List<String> problems) {
    if (values.length == 0) {
      return;
    }
    if (!tensor.isFloat() || tensor.floats().length < values.length) {
      problems.add(
          "misshapen: %s must hold at least %d F32 values, found %s"
              .formatted(name, values.length, tensor.describe()));
      return;
    }
    for (int i = 0; i < values.length; i++) {
      // Negated, so that NaN fails.
      if (!(Math.abs(tensor.floats()[i] - values[i]) <= TOLERANCE)) {
        problems.add(
            "another constant: %s[%d] must be %s, found %s"
                .formatted(name, i, values[i], tensor.floats()[i]));
        return;
      }
    }
  }

  /** A checkpoint under other names, of which a prefix was taken off. */
  private record Reading(String prefix, Map<String, Tensor> tensors) {}

  private Reading officiallyNamed(Map<String, Tensor> checkpoint) {
    List<String> found = prefixes(checkpoint.keySet(), (checkpoint.size() + 1) / 2);
    List<String> official = prefixes(shapes.keySet(), shapes.size());
    // The least change first, since the first of equals wins.
    List<Reading> readings = new ArrayList<>();
    for (String stripped : found) {
      for (String added : official) {
        Map<String, Tensor> reading = new LinkedHashMap<>();
        checkpoint.forEach(
            (name, tensor) ->
                reading.put(
                    name.startsWith(stripped) ? added + name.substring(stripped.length()) : name,
                    tensor));
        readings.add(new Reading(stripped, reading));
      }
    }
    return readings.stream()
        .sorted(Comparator.comparingLong(reading -> misses(reading.tensors())))
        .findFirst()
        .get();
  }

  private long misses(Map<String, Tensor> reading) {
    return shapes.keySet().stream().filter(name -> !reading.containsKey(name)).count();
  }

  /**
   * None, and every run of whole segments such as {@code model.} that so many names begin with, the
   * shortest first.
   */
  private static List<String> prefixes(Set<String> names, int least) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String name : names) {
      for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        counts.merge(name.substring(0, dot + 1), 1, Integer::sum);
      }
    }
    List<String> prefixes = new ArrayList<>();
    prefixes.add("");
    counts.entrySet().stream()
        .filter(entry -> entry.getValue() >= least)
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparingInt(String::length))
        .forEach(prefixes::add);
    return prefixes;
  }
}
