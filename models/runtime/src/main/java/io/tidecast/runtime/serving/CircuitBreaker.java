package io.tidecast.runtime.serving;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Gives a model up that gives no forecasts, and tries it again later. There is one for each model
 * version, whoever uses it.
 *
 * <p>It is closed at first: the model is given every window. After so many batches one after the
 * other without a forecast it opens: the model is given none, for a minute. Then it is half open:
 * the model is given one window, the probe. If there is a forecast, it closes again. If not, it
 * opens for twice as long as before, up to ten minutes.
 *
 * <p>A batch from which no window has a forecast counts if the model took too long. If it threw or
 * gave no numbers, a series may be to blame, and it would be wrong to take the model from all the
 * others; such a batch counts only if it has a series that the batches before did not have.
 *
 * <p>Any thread.
 */
final class CircuitBreaker {

  /** This is said of a window that comes while the model is given up. */
  static final String WHY =
      "model must give forecasts, it gave none for a while, so it was given up and is asked again later";

  static final Duration FIRST_REST = Duration.ofMinutes(1);
  static final Duration LONGEST_REST = Duration.ofMinutes(10);

  /** Tells what of a batch the model may be given. */
  enum Admission {
    ALL,
    /** One window, whose fate {@link #answered}, {@link #failed} or {@link #unprobed} is told. */
    PROBE,
    NONE
  }

  private enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  private final int giveUpAfter;

  /** One series of each batch that counts; none has another's. */
  private final Set<String> failedSeries = new HashSet<>();

  private volatile State state = State.CLOSED;
  private int failures;
  private Duration rest = FIRST_REST;
  private long openUntilNanos;

  /**
   * @param giveUpAfter batches one after the other without a forecast; 0 for never
   */
  CircuitBreaker(int giveUpAfter) {
    this.giveUpAfter = giveUpAfter;
  }

  /** Tells whether the model is given up. */
  boolean isOpen() {
    return state != State.CLOSED;
  }

  Admission admit(long nowNanos) {
    return state == State.CLOSED ? Admission.ALL : admitToOpen(nowNanos);
  }

  private synchronized Admission admitToOpen(long nowNanos) {
    if (state == State.CLOSED) {
      return Admission.ALL;
    }
    if (state == State.HALF_OPEN || nowNanos - openUntilNanos < 0) {
      return Admission.NONE;
    }
    state = State.HALF_OPEN;
    return Admission.PROBE;
  }

  /**
   * Hears that the model gave a forecast.
   *
   * @return whether it was given up until now
   */
  boolean answered() {
    return (failures > 0 || state != State.CLOSED) && closed();
  }

  private synchronized boolean closed() {
    boolean wasOpen = state != State.CLOSED;
    state = State.CLOSED;
    failures = 0;
    failedSeries.clear();
    rest = FIRST_REST;
    return wasOpen;
  }

  /** Hears that no window of the batch could be a probe; the next batch may have one. */
  synchronized void unprobed() {
    if (state == State.HALF_OPEN) {
      state = State.OPEN;
    }
  }

  /**
   * Hears that the model was given windows, and gave no forecast.
   *
   * @param tookTooLong whether it was for lack of time, for one of them at least
   * @param windows that it was given, within the range
   * @return the failures if the model is given up with this one, else 0
   */
  synchronized int failed(boolean tookTooLong, Pending[] windows, int from, int to, long nowNanos) {
    if (state == State.HALF_OPEN) {
      rest = rest.multipliedBy(2);
      if (rest.compareTo(LONGEST_REST) > 0) {
        rest = LONGEST_REST;
      }
      open(nowNanos);
      return 0;
    }
    if (giveUpAfter == 0 || state == State.OPEN || !tookTooLong && !hasAnother(windows, from, to)) {
      return 0;
    }
    failures++;
    if (failures < giveUpAfter) {
      return 0;
    }
    open(nowNanos);
    return failures;
  }

  private boolean hasAnother(Pending[] windows, int from, int to) {
    for (int i = from; i < to; i++) {
      if (failedSeries.add(windows[i].window().series())) {
        return true;
      }
    }
    return false;
  }

  private void open(long nowNanos) {
    state = State.OPEN;
    openUntilNanos = nowNanos + rest.toNanos();
  }

  /** How long the model is given nothing, each time it is given up. */
  synchronized Duration rest() {
    return rest;
  }
}
