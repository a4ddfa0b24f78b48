package io.tidecast.schemas;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Thrown for bytes that are no record of the expected kind. */
public final class CodecException extends Exception {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  CodecException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = requireNonNull(code, "code is null");
  }

  CodecException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** Returns {@link ErrorCode#MALFORMED} or {@link ErrorCode#UNKNOWN_SCHEMA}. */
  public ErrorCode code() {
    return code;
  }
}
