package io.tidecast.training.torch;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/** Loads the torch library into this process. */
public final class Torch {
  private static final String THREADS = "ai.djl.pytorch.num_threads";

  static {
    // DJL reads these when it starts: it shall neither report nor fetch anything.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("DJL_OFFLINE", "true");
    if (System.getProperty(THREADS) == null) {
      useThreads(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }
  }

  private Torch() {}

  /**
   * Says which jar of Maven Central has torch for this machine, as the path within the repository,
   * where none is on the class path; empty where one is. An archive of Tidecast has none.
   */
  public static Optional<String> missingJar() {
    if (Torch.class.getResource("/native/lib/pytorch.properties") != null) {
      return Optional.empty();
    }
    String version = version();
    return Optional.of(
        "ai/djl/pytorch/pytorch-native-cpu/%1$s/pytorch-native-cpu-%1$s-%2$s.jar"
            .formatted(version, platform()));
  }

  /** The version of torch that the JNI library of DJL is for. */
  private static String version() {
    Properties properties = new Properties();
    try (InputStream in =
        requireNonNull(
            Torch.class.getResourceAsStream("/jnilib/pytorch.properties"), "pytorch-jni")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String both = requireNonNull(properties.getProperty("jni_version"), "jni_version");
    return both.substring(0, both.indexOf('-'));
  }

  private static String platform() {
    String arch = System.getProperty("os.arch", "");
    String system =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac")
            ? "osx"
            : "linux";
    return system + "-" + (arch.equals("amd64") ? "x86_64" : arch);
  }

  /**
   * How many threads one operation may use; half of the processors unless said before torch is
   * first used. Where other work competes for them, fewer are faster.
   */
  public static void useThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1: threads=" + threads);
    }
    System.setProperty(THREADS, Integer.toString(threads));
  }

  /** Opens memory for arrays; the caller closes it. */
  public static NDManager newManager() {
    return NDManager.newBaseManager("PyTorch");
  }
}
