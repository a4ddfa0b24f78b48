package io.tidecast.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * A forecaster over an ONNX graph: one session, read and written in place through the batches'
 * direct buffers.
 */
public final class OnnxForecaster extends GuardedForecaster {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final OnnxSignature signature;

  private OnnxForecaster(ForecasterSpec spec, OnnxSignature signature, OrtSession session) {
    super(spec);
    this.signature = signature;
    this.session = session;
  }

  /**
   * Loads a model from its bytes, so nothing beside them is read, and checks the graph against the
   * manifest and the answers against the golden vectors.
   *
   * @throws ModelException naming what contradicts what
   */
  public static OnnxForecaster open(ModelBundle bundle, OnnxOptions options) {
    ModelManifest manifest = bundle.manifest();
    OnnxSignature signature = OnnxSignature.of(manifest);
    OrtSession session = load(bundle, options);
    OnnxForecaster forecaster = new OnnxForecaster(manifest.spec(), signature, session);
    try {
      signature.check(session);
      bundle.golden().check(forecaster);
      return forecaster;
    } catch (RuntimeException e) {
      forecaster.close();
      throw e;
    }
  }

  private static OrtSession load(ModelBundle bundle, OnnxOptions options) {
    try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
      session.setIntraOpNumThreads(options.intraOpThreads());
      session.setInterOpNumThreads(1);
      return OrtEnvironment.getEnvironment().createSession(bundle.onnx(), session);
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime refuses model.onnx: " + e.getMessage(), e);
    }
  }

  @Override
  void run(WindowBatch windows, ForecastBatch forecasts) {
    int rows = windows.size();
    try (OnnxTensor context = tensor(windows.cells(), signature.contextShape(rows));
        OnnxTensor point = tensor(forecasts.points(), signature.pointShape(rows));
        OnnxTensor quantiles =
            signature.hasQuantiles()
                ? tensor(forecasts.quantiles(), signature.quantilesShape(rows))
                : null) {
      Map<String, OnnxTensor> outputs =
          quantiles == null
              ? Map.of(signature.point(), point)
              : Map.of(signature.point(), point, signature.quantiles(), quantiles);
      // The outputs are pinned: the run writes them into the batch, and they outlive its result.
      session.run(Map.of(signature.context(), context), outputs).close();
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime failed: model=" + name() + ": " + e.getMessage(), e);
    }
  }

  private OnnxTensor tensor(FloatBuffer buffer, long[] shape) throws OrtException {
    int count = Math.toIntExact(shape[0] * shape[1] * shape[2]);
    return OnnxTensor.createTensor(environment, buffer.slice(0, count), shape);
  }

  @Override
  void release() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime failed to close: model=" + name(), e);
    }
  }
}
