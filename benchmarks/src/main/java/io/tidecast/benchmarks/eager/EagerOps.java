package io.tidecast.benchmarks.eager;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.tidecast.architectures.Init;
import io.tidecast.architectures.Ops;
import io.tidecast.training.torch.TorchOps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs an architecture in torch op by op, as a PyTorch program under {@code no_grad} does: nothing
 * is recorded for gradients, constants and indices are made once, as modules hold them, and an
 * intermediate is freed as soon as nothing is to read it, as Python frees what nobody refers to, so
 * that the next takes its memory while that is still in the cache.
 *
 * <p>Every pass over one network must ask for the same. One thread.
 */
final class EagerOps implements Ops<NDArray> {

  private final TorchOps torch;
  private final NDManager manager;
  private final Intermediates intermediates = new Intermediates();
  private final Map<String, NDArray> parameters = new HashMap<>();
  private final List<NDArray> constants = new ArrayList<>();
  private final Map<String, NDIndex> slices = new HashMap<>();
  private int nextConstant;

  EagerOps(NDManager manager, TorchOps torch) {
    this.manager = manager;
    this.torch = torch;
  }

  /** Runs one pass; what it makes, but for its result, is freed on the way. */
  NDArray pass(Supplier<NDArray> network) {
    nextConstant = 0;
    intermediates.begin();
    NDArray result = network.get();
    intermediates.end(result);
    return result;
  }

  /** From now on nothing is recorded for gradients; after the parameters have their values. */
  void serve() {
    parameters.values().forEach(parameter -> parameter.setRequiresGradient(false));
  }

  private NDArray held(Supplier<NDArray> making) {
    if (nextConstant == constants.size()) {
      NDArray made = making.get();
      NDScope.unregister(made);
      constants.add(made);
    }
    return constants.get(nextConstant++);
  }

  private NDArray made(NDArray result, NDArray... of) {
    return intermediates.made(result, of);
  }

  @Override
  public NDArray parameter(String name, Init init, long... shape) {
    return parameters.computeIfAbsent(name, unknown -> torch.parameter(name, init, shape));
  }

  @Override
  public long[] table(String name, long[] drawn) {
    return torch.table(name, drawn);
  }

  @Override
  public NDArray constant(float[] values, long... shape) {
    return held(() -> torch.constant(values, shape));
  }

  @Override
  public NDArray reshape(NDArray x, long... shape) {
    return made(torch.reshape(x, shape), x);
  }

  @Override
  public NDArray permute(NDArray x, int... axes) {
    return made(torch.permute(x, axes), x);
  }

  @Override
  public NDArray gather(NDArray x, int axis, long[] indices, long... indexShape) {
    int last = axis < 0 ? axis + x.getShape().dimension() : axis;
    NDArray index = held(() -> manager.create(indices, new Shape(indexShape)));
    return made(x.get(new NDIndex(":, ".repeat(last) + "{}", index)), x);
  }

  @Override
  public NDArray slice(NDArray x, int axis, int first, int count) {
    NDIndex index =
        slices.computeIfAbsent(
            ":, ".repeat(axis) + first + ":" + (first + count), words -> new NDIndex(words));
    return made(x.get(index), x);
  }

  @Override
  public NDArray concat(List<NDArray> xs, int axis) {
    return made(torch.concat(xs, axis), xs.toArray(NDArray[]::new));
  }

  @Override
  public NDArray pad(NDArray x, int axis, int before, int after) {
    return made(torch.pad(x, axis, before, after), x);
  }

  @Override
  public NDArray add(NDArray a, NDArray b) {
    return made(torch.add(a, b), a, b);
  }

  @Override
  public NDArray sub(NDArray a, NDArray b) {
    return made(torch.sub(a, b), a, b);
  }

  @Override
  public NDArray mul(NDArray a, NDArray b) {
    return made(torch.mul(a, b), a, b);
  }

  @Override
  public NDArray div(NDArray a, NDArray b) {
    return made(torch.div(a, b), a, b);
  }

  @Override
  public NDArray sqrt(NDArray x) {
    return made(torch.sqrt(x), x);
  }

  @Override
  public NDArray known(NDArray x) {
    return made(torch.known(x), x);
  }

  @Override
  public NDArray orZero(NDArray x) {
    return made(torch.orZero(x), x);
  }

  @Override
  public NDArray mean(NDArray x) {
    return made(torch.mean(x), x);
  }

  @Override
  public NDArray max(NDArray x, int axis) {
    return made(torch.max(x, axis), x);
  }

  @Override
  public NDArray cumulate(NDArray x, int axis) {
    return made(torch.cumulate(x, axis), x);
  }

  @Override
  public NDArray rolled(NDArray x, NDArray chosen, int length) {
    return made(torch.rolled(x, chosen, length), x, chosen);
  }

  @Override
  public NDArray sort(NDArray x, int length) {
    return made(torch.sort(x, length), x);
  }

  @Override
  public NDArray greatest(NDArray x, int count, int length) {
    return made(torch.greatest(x, count, length), x);
  }

  @Override
  public NDArray softmax(NDArray x) {
    return made(torch.softmax(x), x);
  }

  @Override
  public NDArray matmul(NDArray a, NDArray b) {
    return made(torch.matmul(a, b), a, b);
  }

  @Override
  public NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
    return made(torch.linear(x, weight, bias), x, weight);
  }

  @Override
  public NDArray gelu(NDArray x) {
    return made(torch.gelu(x), x);
  }

  @Override
  public NDArray relu(NDArray x) {
    return made(torch.relu(x), x);
  }

  @Override
  public NDArray elu(NDArray x) {
    return made(torch.elu(x), x);
  }

  @Override
  public NDArray silu(NDArray x) {
    return made(torch.silu(x), x);
  }

  @Override
  public NDArray batchNorm(NDArray x, String name, int features, double epsilon) {
    return made(torch.batchNorm(x, name, features, epsilon), x);
  }

  @Override
  public NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double epsilon) {
    return made(torch.layerNorm(x, weight, bias, epsilon), x);
  }

  @Override
  public NDArray dropout(NDArray x, double probability) {
    return x;
  }

  /** The products and the softmax of the official code, whose scores later layers may ask for. */
  @Override
  public Attention<NDArray> attention(
      NDArray query, NDArray key, NDArray value, int heads, double scale, @Nullable NDArray bias) {
    // Asked for now: what was read for the last time is gone.
    long steps = query.getShape().get(1);
    long width = value.getShape().get(2);
    NDArray q = permute(split(made(query.mul(scale), query), heads), 0, 2, 1, 3);
    NDArray k = permute(split(key, heads), 0, 2, 3, 1);
    NDArray v = permute(split(value, heads), 0, 2, 1, 3);
    NDArray scores = matmul(q, k);
    if (bias != null) {
      scores = add(scores, bias);
    }
    NDArray mixed = permute(matmul(softmax(scores), v), 0, 2, 1, 3);
    return new Attention<>(reshape(mixed, -1, steps, width), scores);
  }

  private NDArray split(NDArray x, int heads) {
    Shape shape = x.getShape();
    return reshape(x, -1, shape.get(1), heads, shape.get(2) / heads);
  }
}
