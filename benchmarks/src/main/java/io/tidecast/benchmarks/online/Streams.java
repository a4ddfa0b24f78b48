package io.tidecast.benchmarks.online;

import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What both benchmarks are given: files, a model, and a folder for its forecasts. */
// What is not an option is set by call, the only way in, before anything reads it.
@SuppressWarnings("NullAway.Init")
final class Streams {
  /** Beyond the context, less is too little to learn from and then to measure. */
  private static final int FEWEST = 1_500;

  /** So many cells are between the newest ones of a set and those before that are held out. */
  private static final int BETWEEN = 400;

  /** The first shift comes so many cells after the first forecast, the others so far apart. */
  static final int FIRST_SHIFT = 700;

  static final int SHIFT_EVERY = 600;
  private static final double SHIFT_DEVIATIONS = 3;
  private static final long SHIFT_SEED = 7;

  @Parameters(
      paramLabel = "DATA",
      description = "Take the sets whose files are in this folder, at any depth.")
  private Path data;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Forecast with this model (default: sundial-general of the zoo).")
  private @Nullable Path model;

  @Option(
      names = "--without-model",
      description = "Have the last value in the place of the model, which takes no time.")
  private boolean withoutModel;

  @Option(
      names = "--long-alone",
      description = "Leave out sets that have not enough cells for so many forecasts.")
  private boolean longAlone;

  @Option(
      names = "--held-out",
      description =
          "Take other sets, and of the long ones the cells before, none of which anything was chosen by.")
  private boolean heldOut;

  @Option(
      names = "--forecasts",
      paramLabel = "N",
      defaultValue = "3000",
      description =
          "Make so many forecasts of the newest cells of each set (default: ${DEFAULT-VALUE}).")
  private int forecasts;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Keep the model's forecasts here, for another run (default: a temporary folder).")
  private @Nullable Path cache;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description = "Take the sets alone whose file has this in its name.")
  private @Nullable String only;

  /**
   * Reads the sets that are there.
   *
   * @param shifted whether the level jumps by three standard deviations every now and then
   */
  List<MemberStream> read(boolean shifted) throws IOException {
    Path kept = cache == null ? Files.createTempDirectory("tidecast-forecasts-") : cache;
    Files.createDirectories(kept);
    List<MemberStream> streams = new ArrayList<>();
    try (Forecaster forecaster = open()) {
      for (StreamSet set : heldOut ? StreamSet.OTHERS : StreamSet.ALL) {
        add(set, 0, shifted, forecaster, kept, streams);
      }
      for (StreamSet set : heldOut ? StreamSet.ALL : List.<StreamSet>of()) {
        int before = forecaster.spec().contextLength() + forecasts + BETWEEN;
        add(set, before, shifted, forecaster, kept, streams);
      }
    }
    if (streams.isEmpty()) {
      throw new IllegalArgumentException(
          "must hold the file of one of the sets, such as ETTh1.csv: DATA=" + data);
    }
    return streams;
  }

  /**
   * Adds a set, if its file is there and has enough cells.
   *
   * @param before so many of its newest cells are left out
   */
  private void add(
      StreamSet set,
      int before,
      boolean shifted,
      Forecaster forecaster,
      Path kept,
      List<MemberStream> streams)
      throws IOException {
    Optional<Path> file = StreamSet.find(data, set.file());
    if (file.isEmpty() || (only != null && !set.file().contains(only))) {
      return;
    }
    int context = forecaster.spec().contextLength();
    int wanted = context + forecasts;
    double[] read = set.read(file.get(), wanted + before);
    double[] values = Arrays.copyOf(read, Math.max(0, read.length - before));
    if (values.length < (longAlone || before > 0 ? wanted : context + FEWEST)) {
      System.err.println(set.title() + " has too few cells: " + read.length);
      return;
    }
    if (shifted) {
      shift(values, context);
    }
    String name = (before > 0 ? "earlier " : "") + set.title() + (shifted ? " shifted" : "");
    streams.add(new MemberStream(set, values, CachedForecasts.of(forecaster, name, values, kept)));
  }

  private Forecaster open() {
    if (withoutModel) {
      return new SeasonalNaive(new ForecasterSpec("last", "1", 672, 96, 1, List.of()), 1);
    }
    Path root = Path.of(System.getProperty("tidecast.root", "."));
    Path folder = model == null ? root.resolve("models/zoo/sundial-general/1") : model;
    OnnxOptions options = OnnxOptions.serving(1, Duration.ofMinutes(1));
    return OnnxForecaster.open(ModelBundle.read(folder), options);
  }

  /** Up and down by turns, by the standard deviation of what is known. */
  private static void shift(double[] values, int context) {
    double sum = 0;
    double squares = 0;
    int known = 0;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        sum += value;
        squares += value * value;
        known++;
      }
    }
    double deviation = Math.sqrt(squares / known - sum / known * sum / known);
    int sign = new Random(SHIFT_SEED).nextBoolean() ? 1 : -1;
    double level = 0;
    for (int i = 0; i < values.length; i++) {
      int since = i - context - FIRST_SHIFT;
      if (since >= 0 && since % SHIFT_EVERY == 0) {
        level += sign * SHIFT_DEVIATIONS * deviation;
        sign = -sign;
      }
      values[i] += level;
    }
  }
}
