package io.tidecast.flink.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.FlinkUserCodeClassLoaders;
import org.junit.jupiter.api.Test;

/** Loads the check as Flink loads a job: child first, over what Flink itself was started with. */
class OnnxRuntimePlaceTest {
  private static final String REMEDY =
      "copy the onnxruntime jar, of lib in the archive or of flink-jobs/target/lib, into the lib folder of Flink, on every"
          + " JobManager, TaskManager and client, set classloader.parent-first-patterns.additional:"
          + " ai.onnxruntime in Flink's configuration, and start Flink again";

  private final Configuration flink = new Configuration();

  @Test
  void shouldTakeItFromOneClassPath() {
    assertThatCode(OnnxRuntimePlace::require).doesNotThrowAnyException();
  }

  @Test
  void shouldTakeItFromTheLibFolderOfFlink() {
    assertThatCode(() -> require(flinkWithIt(), jobWithoutIt())).doesNotThrowAnyException();
  }

  @Test
  void shouldSayThatItIsMissing() {
    assertThatThrownBy(() -> require(flinkWithoutIt(), jobWithoutIt()))
        .isInstanceOf(SuppressRestartsException.class)
        .hasRootCauseMessage(
            "ONNX Runtime must be in Flink's lib folder: "
                + REMEDY
                + ": ai.onnxruntime.OrtEnvironment is not on the class path");
  }

  @Test
  void shouldSayThatTheJobLoadsIt() {
    for (ClassLoader parent : List.of(flinkWithIt(), flinkWithoutIt())) {
      assertThatThrownBy(() -> require(parent, jobWithIt()))
          .isInstanceOf(SuppressRestartsException.class)
          .rootCause()
          .hasMessageStartingWith(
              "ONNX Runtime must be loaded by Flink and not by the job, of which it would leave a"
                  + " copy behind each time it is submitted: "
                  + REMEDY
                  + ", or take it out of the job's jar: ai.onnxruntime.OrtEnvironment comes from"
                  + " jar:file:");
    }
  }

  @Test
  void shouldTakeItFromFlinkWhereTheJobHasACopyThatFlinkIsToldToPassOver() {
    flink.set(
        CoreOptions.ALWAYS_PARENT_FIRST_LOADER_PATTERNS_ADDITIONAL, List.of("ai.onnxruntime"));
    assertThatCode(() -> require(flinkWithIt(), jobWithIt())).doesNotThrowAnyException();
  }

  private void require(ClassLoader parent, List<URL> job) throws Throwable {
    try (URLClassLoader loader =
        FlinkUserCodeClassLoaders.create(job.toArray(URL[]::new), parent, flink)) {
      Class.forName(OnnxRuntimePlace.class.getName(), true, loader)
          .getMethod("require")
          .invoke(null);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static ClassLoader flinkWithIt() {
    return OnnxRuntimePlaceTest.class.getClassLoader();
  }

  private static ClassLoader flinkWithoutIt() {
    return new ClassLoader(flinkWithIt()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith("ai.onnxruntime.")) {
          throw new ClassNotFoundException(name);
        }
        return super.loadClass(name, resolve);
      }
    };
  }

  private static List<URL> jobWithoutIt() {
    return new ArrayList<>(
        List.of(OnnxRuntimePlace.class.getProtectionDomain().getCodeSource().getLocation()));
  }

  private static List<URL> jobWithIt() {
    List<URL> job = jobWithoutIt();
    try {
      job.add(
          Class.forName("ai.onnxruntime.OrtEnvironment", false, flinkWithIt())
              .getProtectionDomain()
              .getCodeSource()
              .getLocation());
      return job;
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
