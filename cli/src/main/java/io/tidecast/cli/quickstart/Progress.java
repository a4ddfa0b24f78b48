package io.tidecast.cli.quickstart;

import io.tidecast.cli.console.Terminal;
import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how far the replay is: a moving bar on a terminal, a line now and then elsewhere. */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 100;
  private static final int BAR_INTERVAL_MILLIS = 100;
  private static final int LINE_INTERVAL_MILLIS = 5_000;

  private final ProgressBar bar;

  private Progress(ProgressBar bar) {
    this.bar = bar;
  }

  /** Starts to show the progress of so many observations. */
  static Progress start(PrintWriter out, long observations) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName("Observations")
            .setInitialMax(observations)
            .setStyle(ProgressBarStyle.ASCII);
    boolean terminal = Terminal.isWatched();
    return new Progress(
        builder
            .setUpdateIntervalMillis(terminal ? BAR_INTERVAL_MILLIS : LINE_INTERVAL_MILLIS)
            .setConsumer(
                terminal
                    ? new ConsoleProgressBarConsumer(System.out, WIDTH)
                    : new DelegatingProgressBarConsumer(new ChangedLines(out)::accept, WIDTH))
            .build());
  }

  void show(int observations, int forecasts) {
    bar.stepTo(observations);
    bar.setExtraMessage(" forecasts " + forecasts);
  }

  @Override
  public void close() {
    bar.close();
  }

  /** The bar says its last line twice. */
  private static final class ChangedLines {
    private final PrintWriter out;
    private @Nullable String last;

    ChangedLines(PrintWriter out) {
      this.out = out;
    }

    void accept(String line) {
      if (!line.equals(last)) {
        out.println(line.stripTrailing());
        out.flush();
      }
      last = line;
    }
  }
}
