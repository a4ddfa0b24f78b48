package io.tidecast.graph;

/** Thrown for bytes that are no ONNX file; the message says what was found. */
public final class GraphException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GraphException(String message) {
    super(message);
  }

  GraphException(String message, Throwable cause) {
    super(message, cause);
  }
}
