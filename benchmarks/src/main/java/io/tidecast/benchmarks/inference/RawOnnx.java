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
import java.util.Map;
import java.util.stream.LongStream;

/** The least that ONNX Runtime needs: a session, and tensors made once over buffers filled once. */
public final class RawOnnx implements Contender {

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
      WindowBatch windows = filled(spec, batch);
      for (ModelManifest.TensorSpec input : manifest.inputs()) {
        FloatBuffer cells = windows.rows(input.role()).cells();
        long[] shape = input.shape().stream().mapToLong(Long::longValue).toArray();
        shape[0] = input.role() == TensorRole.PATCHES ? (long) batch * spec.channels() : batch;
        inputs.put(input.name(), OnnxTensor.createTensor(environment, cells, shape));
      }
      for (ModelManifest.TensorSpec output : manifest.outputs()) {
        // Samples are not asked for by the forecaster either.
        if (output.role() != TensorRole.SAMPLES) {
          long[] shape = output.shape().stream().mapToLong(Long::longValue).toArray();
          shape[0] = batch;
          outputs.put(output.name(), tensor(environment, shape));
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A batch that was filled as a job fills it; its buffers stay as they are. */
  public static WindowBatch filled(ForecasterSpec spec, int batch) {
    WindowBatch windows = new WindowBatch(spec, batch);
    for (float[] context : Contexts.of(spec, batch)) {
      windows.add(Window.of(context));
    }
    return windows;
  }

  private static OnnxTensor tensor(OrtEnvironment environment, long[] shape) throws OrtException {
    int count = Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
    FloatBuffer cells =
        ByteBuffer.allocateDirect(count * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    return OnnxTensor.createTensor(environment, cells, shape);
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
