package io.tidecast.cli.upgrade;

import org.jspecify.annotations.Nullable;

/**
 * Is thrown where Flink does not answer, or refuses what it is asked; the message is a sentence.
 */
final class FlinkException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What a caller can do about it. */
  enum Kind {
    /** There was no answer; a moment later there may be one. */
    AWAY,
    /** Flink has nothing of this name. */
    UNKNOWN,
    /** The job has refused to start: its file, its model or the place that it is started at. */
    JOB,
    /** Flink has refused it for another reason. */
    REFUSED
  }

  FlinkException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  FlinkException(Kind kind, String message) {
    this(kind, message, null);
  }

  Kind kind() {
    return kind;
  }

  /** Returns the sentence. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
