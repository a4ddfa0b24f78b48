package io.tidecast.benchmarks.eager;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.benchmarks.inference.Contender;
import io.tidecast.benchmarks.inference.RawOnnx;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.windows.WindowBatch;
import io.tidecast.training.torch.Torch;
import io.tidecast.training.torch.TorchOps;
import io.tidecast.training.torch.TorchWeights;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.Map;

/**
 * The plain forward pass of a network in torch, whose input tensors lie ready. Scaling to the units
 * of the training and back, which a program does outside of the network, is not part of it.
 */
final class EagerTorch<C extends ArchitectureConfig> implements Contender {

  private final Network<C> network;
  private final NDManager manager;
  private final Inputs<NDArray> inputs;
  private final EagerOps ops;

  EagerTorch(Network<C> network, int batch) {
    this.network = network;
    this.manager = Torch.newManager();
    this.inputs = inputs(batch);
    TorchWeights weights = new TorchWeights(manager, 0);
    this.ops = new EagerOps(manager, TorchOps.inference(manager, weights));
    // The first pass asks for every parameter; then those of the model take their places.
    run();
    weights.restore(network.weights());
    ops.serve();
  }

  private Inputs<NDArray> inputs(int batch) {
    WindowBatch windows = RawOnnx.filled(network.bundle().manifest().spec(), batch);
    Map<Role, NDArray> given = new EnumMap<>(Role.class);
    for (Port port : network.architecture().inputs(network.config())) {
      long[] shape =
          port.shape().stream().mapToLong(length -> length < 0 ? batch : length).toArray();
      FloatBuffer cells = windows.rows(TensorRole.valueOf(port.role().name())).cells();
      float[] values = new float[cells.limit()];
      cells.get(0, values);
      if (port.role() == Role.CONTEXT) {
        scale(values);
      }
      given.put(port.role(), manager.create(values, new Shape(shape)));
    }
    return new Inputs<>(given);
  }

  private void scale(float[] values) {
    double[] mean = network.scale().mean();
    double[] deviation = network.scale().deviation();
    for (int i = 0; i < values.length; i++) {
      int channel = i % mean.length;
      values[i] = (float) ((values[i] - mean[channel]) / deviation[channel]);
    }
  }

  @Override
  public void run() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      var unused = forward();
    }
  }

  private NDArray forward() {
    return ops.pass(() -> network.architecture().forward(ops, network.config(), inputs));
  }

  /** What the network gives, in the units of the series. */
  float[] output() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      float[] values = forward().toFloatArray();
      double[] mean = network.scale().mean();
      double[] deviation = network.scale().deviation();
      for (int i = 0; i < values.length; i++) {
        int channel = i % mean.length;
        values[i] = (float) (values[i] * deviation[channel] + mean[channel]);
      }
      return values;
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
