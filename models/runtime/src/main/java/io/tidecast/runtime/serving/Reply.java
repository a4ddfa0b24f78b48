package io.tidecast.runtime.serving;

/**
 * What a {@link MicroBatcher} tells whoever gave it a window. One of the methods is called, once,
 * mostly by the batcher's thread; none for a window that still waits when the batcher is stopped.
 */
public interface Reply {

  /** The window has its answer. */
  void answered(Answer answer);

  /** The window has waited for longer than the timeout; it is not run. */
  void expired();

  /**
   * The batcher has broken down.
   *
   * @param error what the model, or a reply, has thrown
   */
  void failed(Throwable error);
}
