package io.tidecast.flink.sink;

import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Ends a job that is to replay what a transaction has lost. Going on from the checkpoint that the
 * job was at would leave it out, so the job is not restarted: whoever runs it starts it from an
 * earlier checkpoint.
 */
public final class LostTransactionException extends SuppressRestartsException {

  private static final long serialVersionUID = 1L;

  private final String loss;
  private final long afterCheckpoint;

  /**
   * @param loss says what is lost, in sentences
   * @param afterCheckpoint the number of the last checkpoint from which all of it is made again
   */
  public LostTransactionException(String loss, long afterCheckpoint) {
    super(new IllegalStateException(loss));
    this.loss = loss;
    this.afterCheckpoint = afterCheckpoint;
  }

  @Override
  public String getMessage() {
    return loss;
  }

  /** The job loses nothing if it goes on from the checkpoint of this number or an earlier one. */
  public long afterCheckpoint() {
    return afterCheckpoint;
  }
}
