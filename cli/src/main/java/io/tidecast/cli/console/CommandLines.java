package io.tidecast.cli.console;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Command lines as people type them. */
public final class CommandLines {
  private CommandLines() {}

  /** Says what to type to run a command again as it was run. */
  public static String typed(CommandSpec spec) {
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    return "./tidecast " + typed(arguments);
  }

  /** Says what to type for these words. */
  public static String typed(List<String> words) {
    return words.stream()
        .map(a -> a.matches("[A-Za-z0-9_./=,:+-]+") ? a : "'" + a.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
