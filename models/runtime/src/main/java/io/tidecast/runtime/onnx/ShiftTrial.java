package io.tidecast.runtime.onnx;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.Arrays;
import java.util.List;

/**
 * Finds out whether the forecasts of a model move with their context: {@code f(x + c) = f(x) + c},
 * with another constant for each channel. So do models that take the level out of their context
 * before all else and put it back at the end; they can be given any series as deviations from a
 * level, of which 32-bit floats lose nothing.
 *
 * <p>It is tried on a window of the golden vectors, or where there is none on a season of 24 steps
 * around 100, once as it is and then moved above, below and to 0: a model that cuts off what is
 * negative moves with what is positive. It is moved by no more than some ten times its own
 * deviation, or to 0, for the model computes in floats too. What is known ahead stays where it is.
 */
final class ShiftTrial {

  private static final double LEVEL = 100;
  private static final double SEASON = 20;
  private static final int DAY = 24;

  /** Where the mean of a channel goes, in its deviations; NaN leaves it where it is. */
  private static final double[] PLACES = {Double.NaN, 0, 18, -21};

  /** Channels go to places of their own. */
  private static final double APART = 2.5;

  private static final int PLACES_APART = 5;

  /** In deviations. What is lost to floats at such levels is far below it. */
  private static final double TOLERANCE = 0.004;

  private final TrialRuns trial;
  private final ForecasterSpec spec;
  private final Window still;
  private final double[] means;
  private final double[] deviations;
  private final WindowBatch batch;

  private ShiftTrial(TrialRuns trial, ForecasterSpec spec, Window still, boolean[] known) {
    this.trial = trial;
    this.spec = spec;
    this.still = still;
    this.means = new double[spec.channels()];
    this.deviations = new double[spec.channels()];
    this.batch = new WindowBatch(spec, 1);
    for (int channel = 0; channel < means.length; channel++) {
      if (!known[channel]) {
        measure(channel);
      }
    }
  }

  /** Runs the model some times; one whose answer is no number does not move. */
  static boolean holds(TrialRuns trial, ModelBundle bundle) {
    ForecasterSpec spec = bundle.manifest().spec();
    Window whole =
        bundle.golden().cases().stream()
            .map(GoldenVectors.Case::window)
            .filter(window -> fits(window, spec))
            .findFirst()
            .orElseGet(() -> season(spec));
    boolean[] known = knownAhead(bundle.manifest());
    return new ShiftTrial(trial, spec, whole, known).holds()
        && (!spec.leftPadding()
            || new ShiftTrial(trial, spec, newerHalf(whole, spec), known).holds());
  }

  private static boolean fits(Window window, ForecasterSpec spec) {
    return window.context().length == spec.contextSize()
        && window.futureCovariates().length == spec.futureCovariatesSize();
  }

  private static Window season(ForecasterSpec spec) {
    float[] context = new float[spec.contextSize()];
    for (int i = 0; i < context.length; i++) {
      int cell = i / spec.channels();
      double season = SEASON * Math.sin(2 * Math.PI * cell / DAY);
      context[i] = (float) (LEVEL + season + TrialRuns.unrest(i));
    }
    return TrialRuns.window(spec, context);
  }

  private static Window newerHalf(Window whole, ForecasterSpec spec) {
    float[] context = whole.context().clone();
    Arrays.fill(context, 0, spec.contextLength() / 2 * spec.channels(), Float.NaN);
    return with(whole, context);
  }

  private static Window with(Window window, float[] context) {
    return new Window(
        window.series(),
        window.originMillis(),
        window.stepMillis(),
        context,
        window.futureCovariates());
  }

  private static boolean[] knownAhead(ModelManifest manifest) {
    List<String> names = manifest.channels().names();
    boolean[] known = new boolean[names.size()];
    for (int channel = 0; channel < known.length; channel++) {
      known[channel] = manifest.futureCovariates().contains(names.get(channel));
    }
    return known;
  }

  private void measure(int channel) {
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int i = channel; i < still.context().length; i += spec.channels()) {
      double value = still.context()[i];
      if (!Double.isNaN(value)) {
        sum += value;
        squares += value * value;
        count++;
      }
    }
    if (count > 0) {
      means[channel] = sum / count;
      double variance = squares / count - means[channel] * means[channel];
      deviations[channel] = variance > 0 ? Math.sqrt(variance) : 1;
    }
  }

  private boolean holds() {
    ForecastBatch first = new ForecastBatch(spec, 1);
    ForecastBatch moved = new ForecastBatch(spec, 1);
    for (double place : PLACES) {
      ForecastBatch forecasts = Double.isNaN(place) ? first : moved;
      if (!run(forecasts, place) || !Double.isNaN(place) && !isMoved(first, moved, place)) {
        return false;
      }
    }
    return true;
  }

  private boolean run(ForecastBatch forecasts, double place) {
    float[] context = still.context().clone();
    for (int i = 0; i < context.length; i++) {
      context[i] = (float) (context[i] + shift(place, i % spec.channels()));
    }
    forecasts.resize(1);
    batch.clear();
    batch.add(with(still, context));
    RunSharing.alone(trial.graph(), batch, 0, 1, forecasts, trial.limit());
    return forecasts.isFinite(0);
  }

  /** Of a channel that is known ahead 0, for its deviation is, and its mean. */
  private double shift(double place, int channel) {
    return Double.isNaN(place)
        ? 0
        : (place + APART * (channel % PLACES_APART)) * deviations[channel] - means[channel];
  }

  private boolean isMoved(ForecastBatch first, ForecastBatch moved, double place) {
    float[] before = new float[Math.max(spec.pointsSize(), spec.quantilesSize())];
    float[] after = new float[before.length];
    first.points(0, before);
    moved.points(0, after);
    boolean pointsAre = isMoved(before, after, spec.pointsSize(), place);
    first.quantiles(0, before);
    moved.quantiles(0, after);
    return pointsAre && isMoved(before, after, spec.quantilesSize(), place);
  }

  private boolean isMoved(float[] before, float[] after, int size, double place) {
    int each = size / spec.pointsSize();
    for (int i = 0; i < size; i++) {
      int channel = spec.targets().get(i / each % spec.targets().size());
      double found = (double) after[i] - before[i];
      if (Math.abs(found - shift(place, channel)) > TOLERANCE * deviations[channel]) {
        return false;
      }
    }
    return true;
  }
}
