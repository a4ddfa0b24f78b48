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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The least that ONNX Runtime needs: a session, and tensors made once over buffers filled once. */
final class RawOnnx implements Contender {
  private static final long STEP_MILLIS = 1_800_000;

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
      WindowBatch windows = new WindowBatch(spec, batch);
      float[][] contexts = Contexts.of(spec, batch);
      for (int i = 0; i < batch; i++) {
        windows.add(new Window("series-" + i, i * STEP_MILLIS, STEP_MILLIS, contexts[i]));
      }
      for (ModelManifest.TensorSpec input : manifest.inputs()) {
        long[] shape = shape(input, batch);
        if (input.role() == TensorRole.PATCHES) {
          shape[0] *= spec.channels();
        }
        inputs.put(input.name(), tensor(environment, windows.rows(input.role()).cells(), shape));
      }
      for (ModelManifest.TensorSpec output : manifest.outputs()) {
        if (output.role() != TensorRole.SAMPLES) {
          long[] shape = shape(output, batch);
          outputs.put(output.name(), tensor(environment, buffer(shape), shape));
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long[] shape(ModelManifest.TensorSpec tensor, int batch) {
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    shape[0] = batch;
    return shape;
  }

  private static FloatBuffer buffer(long... shape) {
    int count = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
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
