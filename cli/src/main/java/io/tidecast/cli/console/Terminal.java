package io.tidecast.cli.console;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.Charset;
import org.jline.terminal.TerminalBuilder;

/** Tells whether somebody watches, or the output goes to a file or another program. */
public final class Terminal {

  /** From this version of Java on, there is a {@link Console} without a terminal, too. */
  private static final int ALWAYS_A_CONSOLE = 22;

  private static final int USUAL_WIDTH = 80;

  private static final int LEAST_WIDTH = 20;

  private static final char BRAILLE = '\u28FF';

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

  /** How many characters a line has, where nobody can tell {@value #USUAL_WIDTH}. */
  public static int width() {
    if (isWatched()) {
      try (org.jline.terminal.Terminal terminal =
          TerminalBuilder.builder().system(true).dumb(true).build()) {
        if (terminal.getWidth() >= LEAST_WIDTH) {
          return terminal.getWidth();
        }
      } catch (IOException e) {
        // It is none that can be asked.
      }
    }
    return USUAL_WIDTH;
  }

  /** Says whether the characters of plots can be shown. */
  @SuppressWarnings("SystemConsoleNull") // Then it says what it is.
  public static boolean showsBraille() {
    Console console = System.console();
    Charset charset = console == null ? Charset.defaultCharset() : console.charset();
    return charset.canEncode() && charset.newEncoder().canEncode(BRAILLE);
  }
}
