package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * The environment of ONNX Runtime, which outlives every run.
 *
 * <p>ONNX Runtime has a shutdown hook that frees it, and hooks run side by side with whatever still
 * runs: a session that is used, or closed, after that crashes the JVM. The environment counts its
 * users, though, and is freed by the last one; so one more of them is made here, which never lets
 * go. What that keeps is freed with the process.
 */
final class OnnxEnvironment {

  private static final System.Logger LOGGER = System.getLogger(OnnxEnvironment.class.getName());

  private static final OrtEnvironment ENVIRONMENT = kept();

  private OnnxEnvironment() {}

  static OrtEnvironment get() {
    return ENVIRONMENT;
  }

  private static OrtEnvironment kept() {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try {
      Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
      api.setAccessible(true);
      Method use =
          OrtEnvironment.class.getDeclaredMethod(
              "createHandle", long.class, int.class, String.class);
      use.setAccessible(true);
      use.invoke(
          null,
          api.getLong(null),
          OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING.getValue(),
          OrtEnvironment.DEFAULT_NAME);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOGGER.log(
          Level.WARNING,
          "This version of ONNX Runtime is not the one that Tidecast was tested with: a signal in the middle of a run may"
              + " crash the JVM",
          e);
    }
    return environment;
  }
}
