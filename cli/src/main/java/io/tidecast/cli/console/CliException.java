package io.tidecast.cli.console;

import org.jspecify.annotations.Nullable;

/**
 * A failure that the person at the command line is told in one line; its message says what was
 * expected and what to do. The command's own thread throws and catches it.
 */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line for the person who ran the command
   */
  public CliException(String message) {
    super(message);
  }

  /**
   * @param message one line for the person who ran the command
   * @param cause shown with {@code --debug}; null where there is none
   */
  public CliException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
