package io.tidecast.flink.model;

import java.net.URL;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.FlinkUserCodeClassLoaders;
import org.jspecify.annotations.Nullable;

/**
 * Says where ONNX Runtime comes from. Its native library stays loaded as long as the class loader
 * that loaded it, and that of a job would never go: every job that a cluster runs would leave its
 * classes and a copy of the library behind. So Flink must load it, from its {@code lib} folder.
 */
public final class OnnxRuntimePlace {
  private static final String CLASS = "ai.onnxruntime.OrtEnvironment";

  private static final String REMEDY =
      "copy the onnxruntime jar, of lib in the archive or of flink-jobs/target/lib, into the lib folder of Flink, on every"
          + " JobManager, TaskManager and client, set classloader.parent-first-patterns.additional:"
          + " ai.onnxruntime in Flink's configuration, and start Flink again";

  private OnnxRuntimePlace() {}

  /**
   * Requires that ONNX Runtime is there and loaded by Flink. Nothing of it is loaded by asking.
   *
   * @throws SuppressRestartsException with what to do; a restart would not help
   */
  public static void require() {
    String problem =
        problem(
            OnnxRuntimePlace.class.getClassLoader(),
            FlinkUserCodeClassLoaders.class.getClassLoader());
    if (problem != null) {
      throw new SuppressRestartsException(new IllegalStateException(problem));
    }
  }

  /**
   * Says what is wrong and what to do; null if nothing is.
   *
   * @param job loads the classes of the job
   * @param flink loads those of Flink; the same where both are on one class path
   */
  private static @Nullable String problem(ClassLoader job, ClassLoader flink) {
    Class<?> found;
    try {
      found = Class.forName(CLASS, false, job);
    } catch (ClassNotFoundException e) {
      return "ONNX Runtime must be in Flink's lib folder: "
          + REMEDY
          + ": "
          + CLASS
          + " is not on the class path";
    }
    for (ClassLoader loader = flink; loader != null; loader = loader.getParent()) {
      if (loader == found.getClassLoader()) {
        return null;
      }
    }
    URL place = found.getResource("OrtEnvironment.class");
    return "ONNX Runtime must be loaded by Flink and not by the job, of which it would leave a copy"
        + " behind each time it is submitted: "
        + REMEDY
        + ", or take it out of the job's jar: "
        + CLASS
        + " comes from "
        + place;
  }
}
