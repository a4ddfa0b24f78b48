package io.tidecast.benchmarks.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The least that ONNX Runtime needs: a session, and tensors made once over buffers filled once. */
final class RawOnnx implements Contender {

  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();

  RawOnnx(ModelBundle bundle, int intraOpThreads, int batch) {
    ModelManifest manifest = bundle.manifest();
    ForecasterSpec spec = manifest.spec();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(intraOpThreads);
      options.setInterOpNumThreads(1);
      session = environment.createSession(bundle.onnx(), options);
      ModelManifest.TensorSpec past = manifest.inputs().get(0);
      FloatBuffer given = buffer(batch * spec.size(past.role()));
      float[] row = new float[spec.size(past.role())];
      WindowBatch windows = new WindowBatch(spec, 1);
      for (float[] context : Contexts.of(spec, batch)) {
        windows.clear();
        windows.add(Window.of(context));
        windows.input(past.role(), 0, row);
        given.put(row);
      }
      long[] shape = past.shape().stream().mapToLong(Long::longValue).toArray();
      shape[0] = past.role() == TensorRole.PATCHES ? (long) batch * spec.channels() : batch;
      inputs.put(past.name(), tensor(environment, given, shape));
      outputs.put(
          name(manifest.outputs(), TensorRole.POINT),
          tensor(
              environment,
              buffer(batch * spec.pointsSize()),
              batch,
              spec.predictionLength(),
              spec.targets().size()));
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(List<ModelManifest.TensorSpec> tensors, TensorRole role) {
    return tensors.stream()
        .filter(tensor -> tensor.role() == role)
        .findFirst()
        .orElseThrow()
        .name();
  }

  private static FloatBuffer buffer(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static OnnxTensor tensor(OrtEnvironment environment, FloatBuffer buffer, long... shape)
      throws OrtException {
    return OnnxTensor.createTensor(environment, buffer.rewind(), shape);
  }

  @Override
  public void run() {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
