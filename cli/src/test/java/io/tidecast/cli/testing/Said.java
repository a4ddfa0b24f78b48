package io.tidecast.cli.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What a command said that ran in this process, and how it ended.
 *
 * @param code with which it exits
 */
public record Said(int code, String out, String err) {

  /** Runs {@code tidecast} with these arguments. */
  public static Said tidecast(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Said(code, out.toString(), err.toString());
  }

  /** What it printed, if there was nothing to complain of. */
  public String printed() {
    assertThat(err).isEmpty();
    assertThat(code).as(out).isZero();
    return out;
  }

  /** Everything that it said. */
  public String all() {
    return out + err;
  }
}
