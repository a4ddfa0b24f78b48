package io.tidecast.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tidecast.runtime.ForecasterSpec;
import io.tidecast.runtime.ModelBundle;
import io.tidecast.runtime.ModelManifest;
import io.tidecast.runtime.TensorRole;
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
      FloatBuffer context = buffer(batch * spec.contextSize());
      for (float[] window : Contexts.of(spec, batch)) {
        context.put(window);
      }
      inputs.put(
          name(manifest.inputs(), TensorRole.CONTEXT),
          tensor(environment, context, batch, spec.contextLength(), spec.channels()));
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
