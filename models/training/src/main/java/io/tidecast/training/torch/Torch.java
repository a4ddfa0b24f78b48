package io.tidecast.training.torch;

import ai.djl.ndarray.NDManager;

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
