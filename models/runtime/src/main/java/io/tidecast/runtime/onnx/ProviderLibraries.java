package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The libraries of providers, of which that of CUDA has some 600 MB. ONNX Runtime looks for them
 * beside its own; where a program has put that one into a folder of the program's, they are
 * unpacked into it by the first model on a GPU, and for no other.
 */
final class ProviderLibraries {

  /** Names the folder; the command line sets it, and deletes the folder when it ends. */
  private static final String FOLDER = "tidecast.onnxruntime.folder";

  private static final String RESOURCES = "/ai/onnxruntime/native/linux-x64/";

  private ProviderLibraries() {}

  /**
   * Unpacks a library into the folder of the program, if it has one and there is such a library.
   */
  static void provide(String library) {
    String folder = System.getProperty(FOLDER);
    if (folder != null) {
      provide(library, Path.of(folder));
    }
  }

  /**
   * @throws UncheckedIOException if there is no room for it
   */
  static synchronized void provide(String library, Path folder) {
    String name = System.mapLibraryName(library);
    Path file = folder.resolve(name);
    try (InputStream bytes = OrtEnvironment.class.getResourceAsStream(RESOURCES + name)) {
      if (bytes != null && Files.notExists(file)) {
        Path part = folder.resolve(name + ".part");
        Files.copy(bytes, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s must be unpacked into %s, it can't be: %s".formatted(name, folder, e.getMessage()),
          e);
    }
  }
}
