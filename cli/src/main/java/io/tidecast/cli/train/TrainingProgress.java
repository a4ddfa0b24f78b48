package io.tidecast.cli.train;

import io.tidecast.cli.console.Terminal;
import io.tidecast.training.TrainingListener;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Prints one line an epoch, with the time left; on a terminal a moving bar within the epoch too.
 */
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private static final double SECONDS_PER_MINUTE = 60;

  private final PrintWriter out;
  private final int epochs;
  private int run;
  private double seconds;
  private @Nullable ProgressBar bar;

  TrainingProgress(PrintWriter out, int epochs) {
    this.out = out;
    this.epochs = epochs;
  }

  @Override
  public void onResume(int epoch) {
    out.printf("Taking up the checkpoint: %d of %d epochs are done.%n", epoch - 1, epochs);
    out.flush();
  }

  @Override
  public void onStep(int epoch, int step, int steps, double loss) {
    if (!Terminal.isWatched()) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("Epoch " + epoch + "/" + epochs)
              .setInitialMax(steps)
              .setStyle(ProgressBarStyle.ASCII)
              .clearDisplayOnFinish()
              .build();
    }
    bar.stepTo(step);
    bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f", loss));
  }

  @Override
  public void onEpoch(Epoch epoch) {
    close();
    run++;
    seconds += epoch.seconds();
    double minutesLeft = seconds / run * (epochs - epoch.number()) / SECONDS_PER_MINUTE;
    out.printf(
        Locale.ROOT,
        "epoch %3d/%d  train loss %.5f  validation loss %.5f%s  %.1f s, at most %.1f min left%n",
        epoch.number(),
        epochs,
        epoch.trainLoss(),
        epoch.validationLoss(),
        epoch.best() ? " (best)" : "       ",
        epoch.seconds(),
        minutesLeft);
    out.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
