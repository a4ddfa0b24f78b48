package io.tidecast.runtime.serving;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.windows.Window;
import org.jspecify.annotations.Nullable;

/**
 * A window on its way from its user to its answer. It is used again for others; whoever took it
 * from the queue, or has not yet put it there, is the one thread that touches it.
 */
final class Pending {

  private @Nullable Caller caller;
  private @Nullable Window window;
  private @Nullable Object request;
  private @Nullable Answer answer;
  private long sinceNanos;

  /**
   * @param itsRequest what the caller knows the window by
   */
  void set(Caller itsCaller, Window itsWindow, @Nullable Object itsRequest, long nowNanos) {
    caller = itsCaller;
    window = itsWindow;
    request = itsRequest;
    answer = null;
    sinceNanos = nowNanos;
  }

  /** Lets go of everything. */
  void clear() {
    caller = null;
    window = null;
    request = null;
    answer = null;
  }

  Caller caller() {
    return requireNonNull(caller, "a window that waits has a caller");
  }

  Window window() {
    return requireNonNull(window, "what waits is a window");
  }

  @Nullable Object request() {
    return request;
  }

  /** When it came. */
  long sinceNanos() {
    return sinceNanos;
  }

  boolean isAnswered() {
    return answer != null;
  }

  Answer answer() {
    return requireNonNull(answer, "a window that was run has an answer");
  }

  void answer(Answer its) {
    answer = its;
  }

  void fail(Answer.Cause cause, String why) {
    answer = new Answer.Failed(cause, why);
  }
}
