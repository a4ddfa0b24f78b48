package io.tidecast.cli.train;

import io.tidecast.cli.console.CsvWriter;
import io.tidecast.cli.console.DataFile;
import io.tidecast.cli.job.LocalJob;
import io.tidecast.cli.model.ModelZoo;
import io.tidecast.evaluation.Accuracy;
import io.tidecast.evaluation.Evaluation;
import io.tidecast.evaluation.EvaluationWindows;
import io.tidecast.evaluation.MixtureEvaluation;
import io.tidecast.evaluation.MixtureReport;
import io.tidecast.evaluation.ModelReport;
import io.tidecast.evaluation.ResidualEvaluation;
import io.tidecast.evaluation.backtest.Backtest;
import io.tidecast.evaluation.backtest.BacktestReport;
import io.tidecast.evaluation.backtest.BacktestTable;
import io.tidecast.evaluation.data.SeriesSet;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.evaluation.folder.ResidualSection;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.serving.HorizonForecasters;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.ModelTimeoutException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidecast evaluate}. */
@Command(
    name = "evaluate",
    description = {
      "Measure a model over every test window of a CSV file, or of what a job has read up to now, beside "
          + "seasonal naive and repeat-last.",
      "Columns go to the model's channels by name. To a model of one channel whose name is not there, each column "
          + "is a series of its own."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "Measure the model in this folder, or this one of the zoo. Default with --config: the job's own.")
  private @Nullable String model;

  @Mixin private DataOptions data;

  @Option(
      names = "--channels",
      paramLabel = "NAME",
      split = ",",
      description = "Take these columns alone, in the order of the model's channels.")
  private List<String> channels = List.of();

  @Option(
      names = "--part",
      paramLabel = "NAME",
      defaultValue = "TEST",
      description =
          "Measure on the rows of this part: ${COMPLETION-CANDIDATES}. (default: "
              + "${DEFAULT-VALUE})")
  private Split.Part part;

  @Option(
      names = "--context",
      paramLabel = "CELLS",
      description =
          "Give the model only so many of the newest cells of each context, as of a young "
              + "series. This is for models with left padding; a number of whole patches is best. The "
              + "windows and the baselines stay those of the whole context.")
  private @Nullable Integer context;

  @Option(
      names = "--horizon",
      paramLabel = "STEPS",
      description =
          "Measure forecasts of another horizon than the model's: they are cut, or rolled out "
              + "as far as its manifest allows.")
  private @Nullable Integer horizon;

  @Option(
      names = "--forecasts",
      paramLabel = "FILE",
      description =
          "Write every forecast to this CSV file too: origin, step, one column per target.")
  private @Nullable Path forecasts;

  @Option(
      names = "--mixture",
      description =
          "Measure too what a job gives out that mixes the model with seasonal naives, the last value "
              + "and a line, and calibrates its intervals, learning from one row after the other.")
  private boolean mixture;

  @Option(
      names = "--write-residuals",
      description =
          "Write into the model's manifest and card how far it was off at each lead, by which a job has the intervals "
              + "of new series begin. What was there of a file of the same name is replaced.")
  private boolean writeResiduals;

  @Option(
      names = "--run-timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "End a run of the model that takes longer than this, and give up. (default: ${DEFAULT-VALUE})")
  private int runTimeout;

  @Mixin private BacktestFiles files;

  @Override
  public Integer call() throws IOException {
    try {
      Path job = data.job();
      if (job != null) {
        backtest(LocalJob.load(job), job.getFileName().toString());
        return 0;
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    if (model == null) {
      throw new ParameterException(
          spec.commandLine(), "must be given, as a folder or as a name of the zoo: --model");
    }
    evaluate(model);
    return 0;
  }

  /** Measures what a job would have forecast. */
  private void backtest(JobConfig config, String name) throws IOException {
    DataOptions.refuse(spec, List.of("--channels", "--context", "--mixture", "--write-residuals"));
    Path folder = ModelZoo.ofInstallation().find(model == null ? config.model().path() : model);
    ModelBundle bundle = ModelBundle.read(folder);
    PrintWriter out = spec.commandLine().getOut();
    try (Forecaster forecaster =
        open(bundle, horizon == null ? config.model().horizon() : horizon)) {
      long began = System.nanoTime();
      BacktestReport report =
          new JobBacktest(config, name, part, data.split(), data.seasons(), forecasts)
              .measure(
                  bundle.manifest(),
                  forecaster,
                  line -> {
                    out.println(line);
                    out.flush();
                  });
      out.printf(
          Locale.ROOT,
          "%s: every one of %,d %s windows of %,d series, rows %s (train, validation, test), %.1f s.%n%n%s",
          name,
          report.scope().windows(),
          report.scope().part(),
          report.series().size(),
          report.scope().split(),
          (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1),
          new BacktestTable(report).toText());
      files.write(report, out);
    } catch (ModelTimeoutException e) {
      throw tooSlow(e);
    }
  }

  private static ModelException tooSlow(ModelTimeoutException e) {
    return new ModelException(
        e.getMessage() + "; one of the windows keeps it busy, or it needs a longer --run-timeout",
        e);
  }

  private void evaluate(String measuredModel) throws IOException {
    requireWholeContexts();
    requireResidualsOfTheModel();
    Path folder = ModelZoo.ofInstallation().find(measuredModel);
    ModelBundle bundle = ModelBundle.read(folder);
    try (Forecaster forecaster = open(bundle, horizon)) {
      MeasuredChannels measured = MeasuredChannels.of(bundle.manifest(), data.series(), channels);
      SplitSet series = data.divided(measured.series(), trainedSplit(bundle));
      if (!forecaster.isShiftEquivariant()) {
        series.requireResolvable();
      }
      Evaluation evaluation =
          new Evaluation(series, part, measured.futureCovariates()).withSeasons(data.seasons());
      Evaluation asked = context == null ? evaluation : evaluation.withContext(context);
      long started = System.nanoTime();
      Accuracy accuracy =
          forecasts == null
              ? asked.accuracy(forecaster)
              : writing(asked, forecaster, series, forecasts);
      long elapsed = System.nanoTime() - started;
      noteStep(bundle.manifest(), series.any().series());
      noteContext(bundle.manifest(), asked.shortestContext(forecaster.spec()));
      measured.notes().forEach(spec.commandLine().getOut()::println);
      ModelReport report = ModelReport.of(accuracy, evaluation, forecaster.spec());
      if (mixture) {
        MixtureReport mixed =
            new MixtureEvaluation(only(series), part, measured.futureCovariates())
                .withSeasons(data.seasons())
                .measure(forecaster, bundle.manifest().residuals());
        report(bundle, series.split(), report.with("mixture", mixed.accuracy()), elapsed);
        spec.commandLine().getOut().println();
        spec.commandLine().getOut().print(mixed.toText());
        spec.commandLine().getOut().flush();
      } else {
        report(bundle, series.split(), report, elapsed);
      }
      if (files.areWanted()) {
        files.write(
            backtest(series, measured.futureCovariates(), forecaster), spec.commandLine().getOut());
      }
      if (writeResiduals) {
        writeResiduals(
            folder,
            new ResidualEvaluation(series, part, measured.futureCovariates())
                .measure(forecaster, data.fileName(), isOfThisSize(bundle.manifest(), series)));
      }
    } catch (ModelTimeoutException e) {
      throw tooSlow(e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** The same figures, with where they come from. */
  private BacktestReport backtest(
      SplitSet series, List<String> futureCovariates, Forecaster forecaster) {
    Map<String, SplitSeries> each = new LinkedHashMap<>();
    boolean isWhole = forecaster.spec().channels() == series.any().series().channels().size();
    series
        .series()
        .forEach(
            (name, one) -> {
              String called = name.equals(SeriesSet.UNNAMED) ? data.fileName() : name;
              if (isWhole) {
                each.put(called, one);
                return;
              }
              for (String channel : one.series().channels()) {
                each.put(
                    series.isSingle() ? channel : called + "/" + channel,
                    SplitSeries.of(one.series().select(List.of(channel)), one.split()));
              }
            });
    return new Backtest(part, forecaster, (its, origin, targets, points) -> {})
        .withSeasons(data.seasons())
        .measure(
            new SplitSet(each, series.split(), series.gaps()),
            (name, its, wanted) -> {
              EvaluationWindows windows =
                  new EvaluationWindows(its.series(), wanted, futureCovariates, series.gaps());
              int first = wanted.leftPadding() ? 0 : wanted.contextLength() - 1;
              return row -> row < first || !windows.isWhole(row, 0) ? null : windows.window(row, 0);
            },
            data.fileName());
  }

  /** Of what is measured apart from the table, whose windows are cut whole. */
  private void requireWholeContexts() {
    if (context != null && (mixture || files.areWanted())) {
      throw new ParameterException(
          spec.commandLine(),
          "must be measured with whole contexts, so leave out one of them: %s --context=%d"
              .formatted(mixture ? "--mixture" : files.wanted(), context));
    }
  }

  /** Of what a job would give out, on rows that the model did not learn from. */
  private void requireResidualsOfTheModel() {
    if (writeResiduals && (context != null || horizon != null || part == Split.Part.TRAIN)) {
      throw new ParameterException(
          spec.commandLine(),
          "must be measured on validation or test rows, with whole contexts and the model's own horizon, so leave out "
              + "--context, --horizon and --part=TRAIN: --write-residuals");
    }
  }

  /** Whether the model knows the size of the series by its training rows. */
  private static boolean isOfThisSize(ModelManifest manifest, SplitSet series) {
    return manifest.training().containsKey("scalerDeviation")
        && series.isSingle()
        && manifest.channels().names().equals(series.any().series().channels());
  }

  private static SplitSet only(SplitSet series) {
    if (!series.isSingle()) {
      throw new IllegalArgumentException(
          "must be measured on one series, found %d: --mixture".formatted(series.series().size()));
    }
    return series;
  }

  private void writeResiduals(Path folder, List<Residuals> measured) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (measured.isEmpty()) {
      throw new ModelException(
          "the data must change within every context, and the model must be off at every lead; no residuals were written: --write-residuals");
    }
    ModelManifest written = ResidualSection.write(folder, measured);
    out.printf(
        "%nThe manifest and the card of %s/%s say now how far it was off on %s.%n",
        written.id(), written.version(), data.fileName());
    out.flush();
  }

  private Forecaster open(ModelBundle bundle, @Nullable Integer wantedHorizon) {
    if (runTimeout < 1) {
      throw new ParameterException(
          spec.commandLine(), "must be at least 1 second: --run-timeout=" + runTimeout);
    }
    ModelManifest manifest = bundle.manifest();
    ForecasterSpec wanted =
        manifest.spec(wantedHorizon == null ? manifest.predictionLength() : wantedHorizon);
    OnnxOptions options = OnnxOptions.serving(1, Duration.ofSeconds(runTimeout));
    return HorizonForecasters.of(OnnxForecaster.open(bundle, options), wanted);
  }

  private void noteStep(ModelManifest manifest, TimeSeries series) {
    if (!manifest.takes(series.grid())) {
      spec.commandLine()
          .getOut()
          .println(
              "The model is made for steps of %s, these are of %s."
                  .formatted(
                      manifest.fixedStep().map(Duration::toString).orElse(manifest.step()),
                      series.grid().text()));
    }
  }

  private void noteContext(ModelManifest manifest, int shortest) {
    PrintWriter out = spec.commandLine().getOut();
    if (context != null) {
      out.println(
          "The model is given the newest %d of the %d cells of each context, the baselines all of them."
              .formatted(context, manifest.contextLength()));
    } else if (shortest < manifest.contextLength()) {
      out.println(
          "The shortest context has %d of the %d cells that the model takes, for there are no more rows before it."
              .formatted(shortest, manifest.contextLength()));
    }
  }

  private void report(ModelBundle bundle, Split split, ModelReport report, long elapsedNanos) {
    PrintWriter out = spec.commandLine().getOut();
    int counted = report.model().windows();
    int all = counted + report.model().leftOut().all();
    out.printf(
        Locale.ROOT,
        "%s: %s %s windows, rows %s (train, validation, test), one thread, %.2f ms per forecast.%n"
            + "MSE and MAE in standard deviations of the training rows; raw in units of the series.%n%n%s",
        data.fileName(),
        counted < all ? counted + " of " + all : "every one of " + all,
        part.name().toLowerCase(Locale.ROOT),
        split,
        elapsedNanos / (double) TimeUnit.MILLISECONDS.toNanos(1) / Math.max(1, all),
        report.toTable(bundle.manifest().id()));
    out.flush();
  }

  private static Accuracy writing(
      Evaluation evaluation, Forecaster forecaster, SplitSet data, Path file) throws IOException {
    List<String> targets = evaluation.targets(forecaster.spec());
    List<String> columns = new ArrayList<>(List.of("origin", "step"));
    if (!data.isSingle()) {
      columns.add(0, "series");
    }
    int first = columns.size();
    columns.addAll(targets);
    try (CsvWriter csv = CsvWriter.create(file, columns)) {
      return evaluation.accuracy(
          forecaster,
          (origin, points) -> {
            try {
              Object[] record = new Object[columns.size()];
              record[0] = origin.series();
              TimeSeries series =
                  Objects.requireNonNull(data.series().get(origin.series())).series();
              record[first - 2] = Instant.ofEpochMilli(series.timeMillis(origin.row()));
              for (int step = 0; step < points.length / targets.size(); step++) {
                record[first - 1] = step + 1;
                for (int c = 0; c < targets.size(); c++) {
                  record[first + c] = origin.absolute(points, step * targets.size() + c);
                }
                csv.write(record);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Finds the split that the manifest names, where it does. */
  private static String trainedSplit(ModelBundle bundle) {
    return bundle.manifest().training().get("rows") instanceof Map<?, ?> rows
        ? rows.get("train") + "," + rows.get("validation") + "," + rows.get("test")
        : DataFile.USUAL_SPLIT;
  }
}
