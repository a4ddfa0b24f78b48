package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A version of a model can't be served. The message says why and what to do, in one sentence. */
public final class VersionRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final LoadStage stage;

  public VersionRefusedException(LoadStage stage, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.stage = requireNonNull(stage, "stage is null");
  }

  /** How far it had come. */
  public LoadStage stage() {
    return stage;
  }
}
