package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ModelTimeoutException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** Says when a model may go on with a run, and does what values ask for. */
final class GatedModel {

  static final float FATAL = -1;
  static final float REFUSED = 666;
  static final float HANGS = 777;

  /** The sizes of the runs so far. */
  final List<Integer> runs = new CopyOnWriteArrayList<>();

  private final Semaphore begun = new Semaphore(0);
  private final Semaphore mayEnd = new Semaphore(0);

  LastValueModel model() {
    return new LastValueModel(this::run);
  }

  private void run(float[] last) {
    runs.add(last.length);
    begun.release();
    // As native code does, it takes no notice of an interrupt.
    mayEnd.acquireUninterruptibly();
    for (float value : last) {
      if (value == FATAL) {
        throw new AssertionError("injected");
      }
      if (value == REFUSED) {
        throw new ModelException("no such number");
      }
      if (value == HANGS) {
        throw new ModelTimeoutException("too long");
      }
    }
  }

  /** Waits until one more run has begun. */
  void awaitRun() throws InterruptedException {
    begun.acquire();
  }

  void letGo(int moreRuns) {
    mayEnd.release(moreRuns);
  }

  void open() {
    letGo(1_000_000);
  }
}
