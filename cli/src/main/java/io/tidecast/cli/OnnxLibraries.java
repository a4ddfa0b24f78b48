package io.tidecast.cli;

import static java.util.Objects.requireNonNull;

import io.tidecast.cli.embedded.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;

/**
 * The native libraries of ONNX Runtime, in a folder of ours. It would unpack them into one of its
 * own, of which nobody can tell whose it was when the process has been killed.
 */
final class OnnxLibraries {

  /** Where ONNX Runtime looks for its libraries instead. */
  private static final String PATH = "onnxruntime.native.path";

  /** Where the runtime puts those of a GPU, should a model need them. */
  private static final String FOLDER = "tidecast.onnxruntime.folder";

  private static final List<String> NEEDED = List.of("onnxruntime", "onnxruntime4j_jni");

  /** Which some systems need before the others. */
  private static final String PROVIDERS = "onnxruntime_providers_shared";

  private OnnxLibraries() {}

  /**
   * Unpacks the libraries and has the JVM delete them at exit. Where they are not what is expected,
   * have no room, or the user has some of their own, ONNX Runtime does as it always does.
   *
   * @throws NoClassDefFoundError if ONNX Runtime is not on the class path at all
   */
  static void unpack() {
    if (OnnxLibraries.class.getResource("/ai/onnxruntime/OrtEnvironment.class") == null) {
      throw new NoClassDefFoundError("ai.onnxruntime.OrtEnvironment of the onnxruntime jar");
    }
    if (System.getProperty(PATH) != null || !NEEDED.stream().allMatch(OnnxLibraries::isThere)) {
      return;
    }
    try {
      TemporaryFolder folder = new TemporaryFolder("onnxruntime");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "tidecast-libraries"));
      for (String name : NEEDED) {
        unpack(name, folder);
      }
      if (isThere(PROVIDERS)) {
        unpack(PROVIDERS, folder);
      }
      System.setProperty(PATH, folder.path().toString());
      System.setProperty(FOLDER, folder.path().toString());
    } catch (IOException | UncheckedIOException e) {
      // It says itself what it lacks, to the commands that need it.
    }
  }

  private static boolean isThere(String name) {
    return OnnxLibraries.class.getResource(resource(name)) != null;
  }

  private static void unpack(String name, TemporaryFolder folder) throws IOException {
    try (InputStream library =
        requireNonNull(OnnxLibraries.class.getResourceAsStream(resource(name)), name)) {
      Files.copy(library, folder.path().resolve(System.mapLibraryName(name)));
    }
  }

  private static String resource(String name) {
    return "/ai/onnxruntime/native/%s-%s/%s"
        .formatted(system(), processor(), System.mapLibraryName(name));
  }

  private static String system() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (name.contains("mac")) {
      return "osx";
    }
    return name.contains("win") ? "win" : "linux";
  }

  private static String processor() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return name.equals("amd64") || name.equals("x86_64") ? "x64" : name;
  }

  private static void delete(TemporaryFolder folder) {
    try {
      folder.close();
    } catch (RuntimeException e) {
      // A system that keeps loaded libraries; the next start deletes them.
    }
  }
}
