package io.tidecast.cli;

import io.tidecast.cli.embedded.TemporaryFolder;
import java.lang.reflect.Field;
import java.nio.file.Path;

/**
 * ONNX Runtime unpacks its libraries into a temporary folder, and of that it deletes at exit all
 * but the folder itself.
 */
final class OnnxLibraries {
  private OnnxLibraries() {}

  /** Deletes that folder at exit too. */
  static void deleteAtExit() {
    Runtime.getRuntime().addShutdownHook(new Thread(OnnxLibraries::delete, "tidecast-libraries"));
  }

  private static void delete() {
    try {
      Field folder = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      folder.setAccessible(true);
      if (folder.get(null) instanceof Path path) {
        TemporaryFolder.delete(path);
      }
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // Another version of it, or a system that keeps loaded libraries: an empty folder remains.
    }
  }
}
