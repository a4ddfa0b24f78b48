package io.tidecast.cli.console;

import java.io.Console;

/** Tells whether somebody watches, or the output goes to a file or another program. */
public final class Terminal {

  /** From this version of Java on, there is a {@link Console} without a terminal, too. */
  private static final int ALWAYS_A_CONSOLE = 22;

  private Terminal() {}

  /** Says whether input and output are those of a terminal. */
  @SuppressWarnings("SystemConsoleNull") // It asks the console, where that can tell.
  public static boolean isWatched() {
    Console console = System.console();
    if (console == null || Runtime.version().feature() < ALWAYS_A_CONSOLE) {
      return console != null;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("console must say whether it is a terminal", e);
    }
  }
}
