package io.tidecast.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import io.tidecast.evaluation.folder.ReferenceBackend;
import io.tidecast.evaluation.folder.ServedModel;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Computes a network in torch, as it was trained. */
public final class TorchReference implements ReferenceBackend {

  /** A reference; torch is loaded when it is first asked. */
  public TorchReference() {}

  @Override
  public <C extends ArchitectureConfig> List<float[]> points(
      ServedModel<C> served, Map<String, Tensor> weights, List<Window> windows) {
    ForecasterSpec spec = served.spec();
    WindowBatch batch = new WindowBatch(spec, 1);
    List<float[]> points = new ArrayList<>();
    try (NDManager manager = Torch.newManager()) {
      TorchWeights held = new TorchWeights(manager, 0);
      TorchOps ops = TorchOps.inference(manager, held);
      for (Window window : windows) {
        batch.clear();
        batch.add(window.padded(spec.contextSize()));
        Inputs<NDArray> inputs = inputs(manager, served, batch);
        if (held.size() == 0) {
          // The first pass asks for every parameter; then the trained ones take their places.
          served.points(ops, inputs);
          held.restore(weights);
        }
        points.add(TorchWeights.tensor(served.points(ops, inputs)).floats());
      }
    }
    return points;
  }

  private static Inputs<NDArray> inputs(
      NDManager manager, ServedModel<?> served, WindowBatch batch) {
    Map<Role, NDArray> inputs = new EnumMap<>(Role.class);
    for (Port port : served.inputs()) {
      int rows = port.role() == Role.PATCHES ? served.spec().channels() : 1;
      Shape shape = new Shape(port.shape().stream().mapToLong(n -> n < 0 ? rows : n).toArray());
      float[] values = new float[Math.toIntExact(shape.size())];
      batch.input(TensorRole.valueOf(port.role().name()), 0, values);
      inputs.put(port.role(), manager.create(values, shape));
    }
    return new Inputs<>(inputs);
  }
}
