package io.tidecast.benchmarks.stream;

import static java.util.Objects.requireNonNull;

import io.tidecast.cli.console.CsvWriter;
import io.tidecast.evaluation.Accuracy;
import io.tidecast.evaluation.Evaluation;
import io.tidecast.evaluation.data.CsvSeries;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Forecaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Streams the test rows of a benchmark file through the job and measures what it forecasts, by the
 * protocol of {@link Evaluation}: undamaged it must be what that measures, damaged it shows what
 * the ways to fill gaps cost.
 */
@Command(
    name = "benchmarks/run stream-accuracy",
    mixinStandardHelpOptions = true,
    description =
        "Measure the accuracy of the job on a stream of the test rows, undamaged and damaged.")
// What is not an option is set by call, the only way in, before anything reads it.
@SuppressWarnings("NullAway.Init")
public final class StreamAccuracy implements Callable<Integer> {

  private static final double TOLERANCE = 1e-6;
  private static final List<String> FILLS =
      List.of("previous", "linear", "seasonal", "constant", "none");

  @Parameters(paramLabel = "DATA", description = "Stream this file, such as ETTh1.csv.")
  private Path file;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "Forecast with the model of this folder, of all channels of the file, each by itself.")
  private Path folder;

  @Option(
      names = "--split",
      defaultValue = "8640,2880,2880",
      description =
          "Divide the rows into training, validation and test (default: ${DEFAULT-VALUE}).")
  private String split;

  @Option(
      names = "--hours-late",
      defaultValue = "6",
      description =
          "Let observations change places by so many hours at most (default: ${DEFAULT-VALUE}).")
  private int hoursLate;

  @Option(
      names = "--twice",
      defaultValue = "0.02",
      description = "Send this share of the observations twice (default: ${DEFAULT-VALUE}).")
  private double twice;

  @Option(
      names = "--lost",
      defaultValue = "0.01",
      description = "Lose this share of the observations (default: ${DEFAULT-VALUE}).")
  private double lost;

  @Option(
      names = "--seed",
      defaultValue = "2021",
      description = "Draw the damage from this seed (default: ${DEFAULT-VALUE}).")
  private long seed;

  private Damage damage;
  private SplitSeries data;
  private TimeSeries series;
  private ForecasterSpec spec;
  private ForecasterFactory model;
  private Path scratch;

  /**
   * Exits with 0 when the undamaged streams are as accurate as the offline evaluation, and damage
   * that loses nothing changes no forecast.
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StreamAccuracy()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    damage = new Damage(hoursLate, twice, lost, seed);
    series = CsvSeries.read(file);
    data = SplitSeries.of(series, Split.parse(split, series.rows()));
    scratch = Files.createTempDirectory("tidecast-stream-");
    try (StreamedForecasts jobs = new StreamedForecasts()) {
      model = ForecastJob.model(config(series.channels(), "previous"));
      spec = model.spec();
      requireChannelsByThemselves();
      return measure(jobs);
    } finally {
      Files.deleteIfExists(stream("all"));
      for (String channel : series.channels()) {
        Files.deleteIfExists(stream(name(List.of(channel))));
      }
      Files.deleteIfExists(scratch);
    }
  }

  private void requireChannelsByThemselves() {
    if (spec.channels() != series.channels().size()
        || spec.targets().size() != spec.channels()
        || !spec.inputs().equals(ForecasterInputs.NONE)) {
      throw new CommandLine.ParameterException(
          new CommandLine(this),
          "model must forecast the %d channels of the file from their context alone: %s"
              .formatted(series.channels().size(), folder));
    }
  }

  private int measure(StreamedForecasts jobs) throws Exception {
    Accuracy offline;
    try (Forecaster forecaster = model.open()) {
      offline = new Evaluation(data, Split.Part.TEST, List.of()).accuracy(forecaster);
    }
    System.out.printf(
        Locale.ROOT,
        "%s, %s/%s, %d -> %d, split %s, %,d windows of %d channels%n%n",
        file.getFileName(),
        spec.id(),
        spec.version(),
        spec.contextLength(),
        spec.predictionLength(),
        data.split(),
        offline.windows(),
        spec.channels());
    System.out.printf(
        Locale.ROOT,
        "offline evaluation    MSE %.9f MAE %.9f%n",
        offline.scaledMse(),
        offline.scaledMae());
    boolean same = true;
    Map<Boolean, Forecasts> undamaged = new HashMap<>();
    for (boolean joint : new boolean[] {true, false}) {
      Forecasts forecasts = forecasts(jobs, joint, Damage.NONE, "none");
      Result result = forecasts.measure(forecasts);
      double difference = Math.abs(result.mse - offline.scaledMse());
      boolean all = result.forecasts == (long) offline.windows() * (joint ? 1 : spec.channels());
      System.out.printf(
          Locale.ROOT,
          "%-21s MSE %.9f MAE %.9f, difference of MSE %.1e, %,d forecasts: %s%n",
          joint ? "one joint stream" : spec.channels() + " streams of one",
          result.mse,
          result.mae,
          difference,
          result.forecasts,
          all && difference <= TOLERANCE ? "the same" : "NOT THE SAME");
      same &= all && difference <= TOLERANCE;
      undamaged.put(joint, forecasts);
    }
    System.out.printf(
        Locale.ROOT,
        "%nDamaged: out of order within %d hours, %.0f %% twice, %.0f %% lost, seed %d%n%n",
        damage.hoursLate(),
        100 * damage.duplicated(),
        100 * damage.dropped(),
        damage.seed());
    System.out.println(
        "| streams | `series.fill` | forecasts | MSE / MAE | the same windows undamaged |");
    System.out.println("| --- | --- | ---: | --- | --- |");
    boolean unmoved = true;
    for (boolean joint : new boolean[] {true, false}) {
      Forecasts whole = requireNonNull(undamaged.get(joint));
      for (String fill : FILLS) {
        Forecasts damaged = forecasts(jobs, joint, damage, fill);
        Result result = damaged.measure(damaged);
        Result before = whole.measure(damaged);
        if (fill.equals("none")) {
          // Out of order and twice must change nothing.
          unmoved &= damaged.areAmong(whole);
        }
        System.out.printf(
            Locale.ROOT,
            "| %s | `%s` | %,d | %.4f / %.4f | %.4f / %.4f |%n",
            joint ? "joint" : "independent",
            fill,
            result.forecasts,
            result.mse,
            result.mae,
            before.mse,
            before.mae);
      }
    }
    System.out.printf(
        "%nAll else being there, out of order and twice: %s%n",
        unmoved ? "the same forecasts bit for bit" : "NOT THE SAME FORECASTS");
    return same && unmoved ? 0 : 1;
  }

  /** Forecasts one joint stream, or one stream for each channel. */
  private Forecasts forecasts(StreamedForecasts jobs, boolean joint, Damage done, String fill)
      throws Exception {
    List<Map<Long, float[]>> byStream = new ArrayList<>();
    if (joint) {
      write(series.channels(), done);
      byStream.add(jobs.run(config(series.channels(), fill), model));
    } else {
      for (int channel = 0; channel < spec.channels(); channel++) {
        List<String> own = List.of(series.channels().get(channel));
        write(own, done);
        byStream.add(jobs.run(config(own, fill), new ChannelSlot(model, channel)));
      }
    }
    return new Forecasts(byStream);
  }

  /** Writes the rows of every test window, as they arrive. */
  private void write(List<String> channels, Damage done) throws IOException {
    TimeSeries selected = series.select(channels);
    int first = data.split().firstWindow(Split.Part.TEST, spec.contextLength());
    int end = first + spec.contextLength() + windows() + spec.predictionLength() - 1;
    try (CsvWriter csv = CsvWriter.create(stream(name(channels)), columns(channels))) {
      for (int row : done.arrivals(first, end, series.channels().indexOf(channels.get(0)))) {
        Object[] record = new Object[1 + channels.size()];
        record[0] = selected.timeMillis(row);
        for (int c = 0; c < channels.size(); c++) {
          record[1 + c] = selected.values()[row * channels.size() + c];
        }
        csv.write(record);
      }
    }
  }

  private static List<String> columns(List<String> channels) {
    List<String> columns = new ArrayList<>(List.of("time"));
    columns.addAll(channels);
    return columns;
  }

  private int windows() {
    return data.split().windows(Split.Part.TEST, spec.contextLength(), spec.predictionLength());
  }

  private String name(List<String> channels) {
    // Not their names, which need not be those of files.
    return channels.size() == 1 ? "channel-" + series.channels().indexOf(channels.get(0)) : "all";
  }

  private Path stream(String name) {
    return scratch.resolve(name + ".csv");
  }

  private JobConfig config(List<String> channels, String fill) throws IOException {
    Path stream = stream(name(channels));
    if (!Files.exists(stream)) {
      CsvWriter.create(stream, columns(channels)).close();
    }
    return JobConfig.builder()
        .set("kafka.bootstrap-servers", "127.0.0.1:9")
        .set("source.format", "csv")
        .set("source.files", stream)
        .set("source.max-out-of-orderness", damage.hoursLate() + "h")
        .set("source.mapping.series", "$file")
        .set("source.mapping.time", "time")
        .set("source.mapping.values", channels)
        .set("series.step", series.step())
        .set("series.channels", channels.size())
        .set("series.close", "watermark")
        .set("series.fill", fill)
        .set("series.max-filled-cells", 1_000_000)
        .set("model.path", folder)
        .set("model.on-failure", "dead-letter")
        .set("dead-letters.topic", "rejects")
        .set("checkpoints.interval", "1s")
        .build();
  }

  /**
   * @param forecasts of all streams
   * @param mse mean squared error, in standard deviations of the training rows
   */
  private record Result(long forecasts, double mse, double mae) {}

  /** What was forecast, by stream and by origin. */
  private final class Forecasts {

    private final List<Map<Long, float[]>> byStream;

    Forecasts(List<Map<Long, float[]>> byStream) {
      this.byStream = byStream;
    }

    /** Says whether each is also one of the others, bit for bit. */
    boolean areAmong(Forecasts others) {
      for (int stream = 0; stream < byStream.size(); stream++) {
        for (Map.Entry<Long, float[]> forecast : byStream.get(stream).entrySet()) {
          if (!Arrays.equals(
              forecast.getValue(), others.byStream.get(stream).get(forecast.getKey()))) {
            return false;
          }
        }
      }
      return true;
    }

    /** Measures the accuracy at the test origins that others have too. */
    Result measure(Forecasts others) {
      long forecasts = 0;
      double squares = 0;
      double absolutes = 0;
      for (int stream = 0; stream < byStream.size(); stream++) {
        Accuracy accuracy = measure(stream, others.byStream.get(stream));
        if (accuracy.windows() > 0) {
          forecasts += accuracy.windows();
          squares += accuracy.windows() * accuracy.scaledMse();
          absolutes += accuracy.windows() * accuracy.scaledMae();
        }
      }
      return new Result(forecasts, squares / forecasts, absolutes / forecasts);
    }

    private Accuracy measure(int stream, Map<Long, float[]> others) {
      boolean joint = byStream.size() == 1;
      TimeSeries truth = joint ? series : series.select(List.of(series.channels().get(stream)));
      Scaler scaler = data.scaler();
      Accuracy.Sum sum =
          new Accuracy.Sum(
              joint
                  ? scaler
                  : new Scaler(
                      new double[] {scaler.mean()[stream]},
                      new double[] {scaler.deviation()[stream]}));
      float[] actual = new float[spec.predictionLength() * truth.channels().size()];
      int first =
          data.split().firstWindow(Split.Part.TEST, spec.contextLength())
              + spec.contextLength()
              - 1;
      for (int origin = first; origin < first + windows(); origin++) {
        long millis = series.timeMillis(origin);
        float[] points = byStream.get(stream).get(millis);
        if (points != null && others.containsKey(millis)) {
          truth.copy(origin + 1, actual);
          sum.add(points, actual);
        }
      }
      return sum.mean();
    }
  }
}
