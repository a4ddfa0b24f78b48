package io.tidecast.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.tidecast.architectures.Init;
import io.tidecast.architectures.Ops;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs an architecture in torch, at once and with gradients.
 *
 * <p>What it creates belongs to the innermost {@code NDScope} of the thread. One thread.
 */
public final class TorchOps implements Ops<NDArray> {
  /** DJL counts momentum the other way round: this is torch's 0.1. */
  private static final float BATCH_NORM_MOMENTUM = 0.9f;

  private final NDManager manager;
  private final TorchWeights weights;

  /** Masks of dropout; null outside training. */
  private final @Nullable DropoutMasks masks;

  private final BiConsumer<String, NDArray> taps;

  private TorchOps(
      NDManager manager,
      TorchWeights weights,
      @Nullable DropoutMasks masks,
      BiConsumer<String, NDArray> taps) {
    this.manager = manager;
    this.weights = weights;
    this.masks = masks;
    this.taps = taps;
  }

  /** Runs a network that learns: dropout is on, norms use the statistics of the batch. */
  public static TorchOps training(NDManager manager, TorchWeights weights, DropoutMasks masks) {
    return new TorchOps(manager, weights, masks, (name, value) -> {});
  }

  /** Runs a network that serves: dropout is off, norms use the running statistics. */
  public static TorchOps inference(NDManager manager, TorchWeights weights) {
    return tapped(manager, weights, (name, value) -> {});
  }

  /** Runs a network that serves and hands every tapped intermediate out. */
  static TorchOps tapped(
      NDManager manager, TorchWeights weights, BiConsumer<String, NDArray> taps) {
    return new TorchOps(manager, weights, null, taps);
  }

  @Override
  public NDArray parameter(String name, Init init, long... shape) {
    return weights.trainable(name, init, shape);
  }

  @Override
  public long[] table(String name, long[] drawn) {
    return weights.table(name, drawn);
  }

  @Override
  public NDArray constant(float[] values, long... shape) {
    return manager.create(values, new Shape(shape));
  }

  @Override
  public NDArray reshape(NDArray x, long... shape) {
    return x.reshape(shape);
  }

  @Override
  public NDArray permute(NDArray x, int... axes) {
    return x.transpose(axes);
  }

  @Override
  public NDArray gather(NDArray x, int axis, long[] indices, long... indexShape) {
    int last = axis < 0 ? axis + x.getShape().dimension() : axis;
    NDArray index = manager.create(indices, new Shape(indexShape));
    return x.get(new NDIndex(":, ".repeat(last) + "{}", index));
  }

  @Override
  public NDArray slice(NDArray x, int axis, int first, int count) {
    return x.get(new NDIndex(":, ".repeat(axis) + first + ":" + (first + count)));
  }

  @Override
  public NDArray concat(List<NDArray> xs, int axis) {
    // DJL gives a copy of a single array, which no gradient goes through.
    return xs.size() == 1 ? xs.get(0) : NDArrays.concat(new NDList(xs), axis);
  }

  @Override
  public NDArray pad(NDArray x, int axis, int before, int after) {
    // Torch counts from the last axis.
    long[] padding = new long[2 * (x.getShape().dimension() - axis)];
    padding[padding.length - 2] = before;
    padding[padding.length - 1] = after;
    return x.pad(new Shape(padding), 0);
  }

  @Override
  public NDArray add(NDArray a, NDArray b) {
    return a.add(b);
  }

  @Override
  public NDArray sub(NDArray a, NDArray b) {
    return a.sub(b);
  }

  @Override
  public NDArray mul(NDArray a, NDArray b) {
    return a.mul(b);
  }

  @Override
  public NDArray div(NDArray a, NDArray b) {
    return a.div(b);
  }

  @Override
  public NDArray sqrt(NDArray x) {
    return x.sqrt();
  }

  @Override
  public NDArray known(NDArray x) {
    return x.isNaN().logicalNot().toType(DataType.FLOAT32, false);
  }

  @Override
  public NDArray orZero(NDArray x) {
    return NDArrays.where(x.isNaN(), x.zerosLike(), x);
  }

  @Override
  public NDArray mean(NDArray x) {
    return x.mean(new int[] {2}, true);
  }

  @Override
  public NDArray max(NDArray x, int axis) {
    return x.max(new int[] {axis}, true);
  }

  @Override
  public NDArray cumulate(NDArray x, int axis) {
    return x.cumSum(axis);
  }

  @Override
  public NDArray sort(NDArray x, int length) {
    return x.sort(-1);
  }

  @Override
  public NDArray greatest(NDArray x, int count, int length) {
    NDArray places = x.stopGradient().topK(count, -1, true, true).get(1);
    return places.sort(-1).oneHot(length, DataType.FLOAT32);
  }

  @Override
  public NDArray rolled(NDArray x, NDArray delays, int length) {
    Shape shape = x.getShape();
    long batch = delays.getShape().get(0);
    long count = delays.getShape().get(1);
    NDArray steps = manager.arange(0, length, 1, DataType.INT64);
    NDArray places = delays.stopGradient().toType(DataType.INT64, false).add(steps).mod(length);
    if (batch == 1) {
      return x.get(new NDIndex(":, {}", places.reshape(count, length)));
    }
    NDArray rows = places.reshape(batch, count * length, 1).repeat(2, shape.get(2));
    return x.gather(rows, 1).reshape(batch, count, length, shape.get(2));
  }

  @Override
  public NDArray softmax(NDArray x) {
    return x.softmax(-1);
  }

  @Override
  public NDArray matmul(NDArray a, NDArray b) {
    return a.matMul(b);
  }

  @Override
  public NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
    return x.getNDArrayInternal().linear(x, weight, bias).head();
  }

  @Override
  public NDArray gelu(NDArray x) {
    return x.getNDArrayInternal().gelu();
  }

  @Override
  public NDArray relu(NDArray x) {
    return x.getNDArrayInternal().relu();
  }

  @Override
  public NDArray elu(NDArray x) {
    return x.getNDArrayInternal().elu(1);
  }

  @Override
  public NDArray silu(NDArray x) {
    return x.mul(x.getNDArrayInternal().sigmoid());
  }

  @Override
  public NDArray batchNorm(NDArray x, String name, int features, double epsilon) {
    NDArray flat = x.reshape(-1, features);
    NDArray normalised =
        x.getNDArrayInternal()
            .batchNorm(
                flat,
                weights.statistic(name + ".running_mean", Init.ZEROS, features),
                weights.statistic(name + ".running_var", Init.ONES, features),
                weights.trainable(name + ".weight", Init.ONES, features),
                weights.trainable(name + ".bias", Init.ZEROS, features),
                1,
                BATCH_NORM_MOMENTUM,
                (float) epsilon,
                masks != null)
            .head();
    return normalised.reshape(x.getShape());
  }

  @Override
  public NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double epsilon) {
    return x.getNDArrayInternal()
        .layerNorm(x, weight.getShape(), weight, bias, (float) epsilon)
        .head();
  }

  @Override
  public NDArray dropout(NDArray x, double probability) {
    return masks != null && probability > 0
        ? x.mul(masks.next(manager, x.getShape(), probability))
        : x;
  }

  @Override
  public Attention<NDArray> attention(
      NDArray query, NDArray key, NDArray value, int heads, double scale, @Nullable NDArray bias) {
    // Not by a number: DJL would free its memory at once, and the way back needs it for the query.
    NDArray q = split(query.mul(constant(scale)), heads).transpose(0, 2, 1, 3);
    NDArray k = split(key, heads).transpose(0, 2, 3, 1);
    NDArray v = split(value, heads).transpose(0, 2, 1, 3);
    NDArray scores = q.matMul(k);
    if (bias != null) {
      scores = scores.add(bias);
    }
    NDArray output = scores.softmax(-1).matMul(v).transpose(0, 2, 1, 3);
    Shape shape = value.getShape();
    return new Attention<>(output.reshape(-1, query.getShape().get(1), shape.get(2)), scores);
  }

  private static NDArray split(NDArray x, int heads) {
    Shape shape = x.getShape();
    return x.reshape(-1, shape.get(1), heads, shape.get(2) / heads);
  }

  @Override
  public NDArray tap(String name, NDArray value) {
    taps.accept(name, value);
    return value;
  }
}
