package io.tidecast.training;

import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.weights.SafeTensors;
import io.tidecast.evaluation.data.DataException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a training stood after an epoch. One file, replaced at once, so that an interruption leaves
 * either the old or the new one.
 *
 * @param epochs finished
 * @param bestEpoch the one with the lowest validation loss, counted from 1
 * @param bestLoss that loss
 * @param seconds spent training so far
 * @param weights after the last epoch
 * @param best weights after the best epoch
 * @param optimiser state of Adam, and of the average of the weights if there is one
 */
record Checkpoint(
    int epochs,
    int bestEpoch,
    double bestLoss,
    double seconds,
    Map<String, Tensor> weights,
    Map<String, Tensor> best,
    Map<String, Tensor> optimiser) {

  /** A training stands here before its first epoch. */
  static final Checkpoint START =
      new Checkpoint(0, 0, Double.POSITIVE_INFINITY, 0, Map.of(), Map.of(), Map.of());

  private static final String TENSORS = "checkpoint.safetensors";
  private static final String IDENTITY = "checkpoint.txt";

  /**
   * The checkpoint of a folder, if there is one.
   *
   * @param identity of the training: architecture, hyperparameters, settings, data
   * @throws DataException if the folder holds another training's, or one that lacks a part
   */
  static Optional<Checkpoint> read(Path folder, String identity) throws IOException {
    if (!Files.exists(folder.resolve(TENSORS))) {
      return Optional.empty();
    }
    String found = Files.readString(folder.resolve(IDENTITY));
    if (!found.equals(identity)) {
      throw new DataException(
          folder
              + " holds the checkpoint of another training; remove it or choose another folder\n"
              + "  there: "
              + found
              + "\n  now:   "
              + identity);
    }
    Path tensors = folder.resolve(TENSORS);
    Map<String, Tensor> all = SafeTensors.read(tensors);
    return Optional.of(
        new Checkpoint(
            (int) scalar(tensors, all, "epochs"),
            (int) scalar(tensors, all, "bestEpoch"),
            Double.longBitsToDouble(scalar(tensors, all, "bestLoss")),
            Double.longBitsToDouble(scalar(tensors, all, "seconds")),
            part(all, "weights/"),
            part(all, "best/"),
            part(all, "optimiser/")));
  }

  void write(Path folder, String identity) throws IOException {
    Files.createDirectories(folder);
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put("epochs", scalar(epochs));
    all.put("bestEpoch", scalar(bestEpoch));
    all.put("bestLoss", scalar(Double.doubleToLongBits(bestLoss)));
    all.put("seconds", scalar(Double.doubleToLongBits(seconds)));
    weights.forEach((name, tensor) -> all.put("weights/" + name, tensor));
    best.forEach((name, tensor) -> all.put("best/" + name, tensor));
    optimiser.forEach((name, tensor) -> all.put("optimiser/" + name, tensor));
    // The identity first: without tensors it means nothing, with them it must be theirs.
    Files.writeString(folder.resolve(IDENTITY), identity);
    SafeTensors.write(folder.resolve(TENSORS), all);
  }

  /** Leaves no trace in the folder, nor the folder unless something else is in it. */
  static void delete(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(TENSORS));
    Files.deleteIfExists(folder.resolve(IDENTITY));
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      // Not ours to empty.
    }
  }

  private static long scalar(Path file, Map<String, Tensor> all, String name) {
    Tensor tensor = all.get(name);
    if (tensor == null || tensor.isFloat() || tensor.longs().length != 1) {
      throw new DataException(
          file + ": must hold " + name + " as one integer; remove it and train anew");
    }
    return tensor.longs()[0];
  }

  private static Tensor scalar(long value) {
    return Tensor.of(new long[] {value});
  }

  private static Map<String, Tensor> part(Map<String, Tensor> all, String prefix) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    all.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), tensor);
          }
        });
    return part;
  }
}
