package io.tidecast.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.tidecast.architectures.Init;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The learned tensors and running statistics of one network, in torch memory, by their official
 * names. One thread.
 */
public final class TorchWeights {
  private final NDManager manager;
  private final SplittableRandom random;
  private final Map<String, NDArray> trainable = new LinkedHashMap<>();
  private final Map<String, NDArray> statistics = new LinkedHashMap<>();
  private final Map<String, long[]> tables = new LinkedHashMap<>();

  /**
   * @param seed of the initial values, drawn in the order in which the network asks for them
   */
  public TorchWeights(NDManager manager, long seed) {
    this.manager = manager;
    this.random = new SplittableRandom(seed);
  }

  /** The parameter of that name, drawn on first use. */
  NDArray trainable(String name, Init init, long... shape) {
    return get(trainable, name, init, shape);
  }

  /** The running statistic of that name, which no gradient reaches. */
  NDArray statistic(String name, Init init, long... shape) {
    return get(statistics, name, init, shape);
  }

  /** The fixed integers of that name; those given on first use unless others were restored. */
  long[] table(String name, long[] drawn) {
    return tables.computeIfAbsent(name, unknown -> drawn);
  }

  private NDArray get(Map<String, NDArray> map, String name, Init init, long... shape) {
    NDArray array = map.get(name);
    if (array == null) {
      float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (init.low() + (init.high() - init.low()) * random.nextDouble());
      }
      array = put(map, name, Tensor.of(values, shape));
    } else if (!array.getShape().equals(new Shape(shape))) {
      throw new WeightsException(
          "weight " + name + " must be " + new Shape(shape) + ", found " + array.getShape());
    }
    return array;
  }

  private NDArray put(Map<String, NDArray> map, String name, Tensor tensor) {
    // Created through the manager: stays when the scope of a training step is closed.
    NDArray array = manager.create(tensor.floats(), new Shape(tensor.shape()));
    NDScope.unregister(array);
    if (map == trainable) {
      array.setRequiresGradient(true);
    }
    map.put(name, array);
    return array;
  }

  /** The arrays that gradients reach, by name; they are live. */
  Map<String, NDArray> trainable() {
    return trainable;
  }

  /** The arrays that gradients reach and the running statistics, by name; they are live. */
  Map<String, NDArray> averageable() {
    Map<String, NDArray> all = new LinkedHashMap<>(trainable);
    all.putAll(statistics);
    return all;
  }

  /** Copies every tensor into memory. */
  public Map<String, Tensor> snapshot() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    trainable.forEach((name, array) -> tensors.put(name, tensor(array)));
    statistics.forEach((name, array) -> tensors.put(name, tensor(array)));
    tables.forEach((name, table) -> tensors.put(name, Tensor.of(table, table.length)));
    return tensors;
  }

  /**
   * Sets every tensor that the network has asked for so far.
   *
   * @throws WeightsException if one is missing
   */
  public void restore(Map<String, Tensor> tensors) {
    restore(trainable, tensors);
    restore(statistics, tensors);
    tables.replaceAll((name, table) -> restored(name, table, tensors.get(name)));
  }

  private static long[] restored(String name, long[] table, @Nullable Tensor tensor) {
    if (tensor == null) {
      return table;
    }
    if (tensor.isFloat() || tensor.longs().length != table.length) {
      throw new WeightsException("weights must hold " + name + " of " + table.length + " integers");
    }
    return tensor.longs();
  }

  private static void restore(Map<String, NDArray> map, Map<String, Tensor> tensors) {
    map.forEach(
        (name, array) -> {
          Tensor tensor = tensors.get(name);
          if (tensor == null || !new Shape(tensor.shape()).equals(array.getShape())) {
            throw new WeightsException("weights must hold " + name + " " + array.getShape());
          }
          array.set(tensor.floats());
        });
  }

  /** Takes a tensor out of what was kept of a training. */
  static Tensor kept(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new WeightsException("what was kept of the training must hold " + name);
    }
    return tensor;
  }

  /** The number of learned values. */
  public long size() {
    return trainable.values().stream().mapToLong(NDArray::size).sum();
  }

  static Tensor tensor(NDArray array) {
    return Tensor.of(
        array.toType(DataType.FLOAT32, false).toFloatArray(), array.getShape().getShape());
  }
}
