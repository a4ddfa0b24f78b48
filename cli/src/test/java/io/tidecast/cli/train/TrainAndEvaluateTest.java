package io.tidecast.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.TidecastCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainAndEvaluateTest {
  private static final int ROWS = 240;
  private static final int TEST_WINDOWS = 48 - 6 + 1;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void shouldTrainAModelThatCanBeEvaluated() throws IOException {
    Path data = waves();
    Path model = folder.resolve("model");

    assertThat(
            run(
                train(
                    data,
                    model,
                    "patchtst",
                    "--epochs",
                    "2",
                    "--set",
                    "e_layers=1",
                    "--rollout",
                    "12")))
        .isZero();

    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .contains("epoch   1/2", "epoch   2/2", "On the " + TEST_WINDOWS + " test windows");
    assertThat(model.resolve("checkpoint")).doesNotExist();
    assertThat(Files.readString(model.resolve("card.md")))
        .contains("./tidecast train --architecture patchtst", "--set e_layers=1");
    String trained = row("patchtst");

    out.getBuffer().setLength(0);
    Path forecasts = folder.resolve("forecasts.csv");
    assertThat(
            run(
                "evaluate",
                "--model",
                model.toString(),
                "--data",
                data.toString(),
                "--forecasts",
                forecasts.toString()))
        .as(err.toString())
        .isZero();
    assertThat(row("patchtst")).as("evaluated as trained").isEqualTo(trained);
    assertThat(out.toString()).contains("| repeat last", "| daily seasonal naive");
    List<String> lines = Files.readAllLines(forecasts);
    assertThat(lines).hasSize(1 + TEST_WINDOWS * 6);
    assertThat(lines.get(0)).isEqualTo("origin,step,wave");
    // The first target is the first of the last fifth of the rows, hour 192.
    assertThat(lines.get(1)).startsWith("2000-01-08T23:00:00Z,1,");

    assertThat(evaluate(model, data, "--horizon", "12", "--forecasts", forecasts.toString()))
        .as(err.toString())
        .isZero();
    List<String> longer = Files.readAllLines(forecasts);
    assertThat(longer).hasSize(1 + (TEST_WINDOWS - 6) * 12).contains(lines.get(1), lines.get(6));
    assertThat(evaluate(model, data, "--horizon", "2", "--forecasts", forecasts.toString()))
        .isZero();
    assertThat(Files.readAllLines(forecasts))
        .hasSize(1 + (TEST_WINDOWS + 4) * 2)
        .contains(lines.get(1), lines.get(2))
        .doesNotContain(lines.get(3));
    assertThat(evaluate(model, data, "--horizon", "13")).isEqualTo(2);
    assertThat(err.toString()).contains("must be within 1..12, as far as patchtst/1 reaches");
  }

  /** Whoever trains a network must know what weighted sums of the lags reach. */
  @Test
  void shouldSolveALinearForecasterThatComesNearTheBestNetwork() throws IOException {
    Path root = Path.of(System.getProperty("tidecast.root"));
    Path data =
        root.resolve("cli/src/main/resources/io/tidecast/cli/uk-electricity-demand-2000.csv");
    Path model = folder.resolve("model");
    String[] command = {
      "train",
      "--architecture",
      "linear",
      "--data",
      data.toString(),
      "--split",
      "2688,672,672",
      "--context",
      "336",
      "--horizon",
      "48",
      "--out",
      model.toString()
    };
    assertThat(run(command)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("Solved in ", "| ridge over 336 lags");
    double best = Double.POSITIVE_INFINITY;
    try (Stream<Path> zoo = Files.list(root.resolve("models/zoo"))) {
      for (Path network : zoo.filter(one -> one.toString().endsWith("-uk-demand")).toList()) {
        best = Math.min(best, scaledMse(network.resolve("1")));
      }
    }
    assertThat(scaledMse(model)).isLessThan(1.15 * best);
    assertThat(Files.readString(model.resolve("card.md")))
        .contains("Ridge regression in closed form")
        .doesNotContain("Adam");
    String solved = row("linear");
    out.getBuffer().setLength(0);
    assertThat(
            run(
                "evaluate",
                "--model",
                model.toString(),
                "--data",
                data.toString(),
                "--split",
                "2688,672,672"))
        .as(err.toString())
        .isZero();
    assertThat(row("linear")).as("evaluated as solved").isEqualTo(solved);
  }

  private static double scaledMse(Path model) throws IOException {
    return new ObjectMapper()
        .readTree(model.resolve("manifest.json").toFile())
        .findPath("accuracy")
        .findPath("scaledMse")
        .asDouble();
  }

  @Test
  void shouldSayThatWhatIsSolvedHasNoEpochs() throws IOException {
    assertThat(run(train(waves(), folder.resolve("model"), "linear", "--epochs", "2")))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("linear is solved in closed form, and has no use for --batch-size; leave it out");
  }

  /** A channel that is known ahead tells the target exactly: two shifted copies of noise. */
  @Test
  void shouldUseWhatIsKnownAhead() throws IOException {
    Path data = loadAndPrice();
    Path model = folder.resolve("model");
    assertThat(
            run(
                train(
                    data,
                    model,
                    "timexer",
                    "--targets",
                    "price",
                    "--future-covariates",
                    "load",
                    "--set",
                    "d_model=16",
                    "--set",
                    "d_ff=16",
                    "--set",
                    "n_heads=2",
                    "--set",
                    "patch_len=6",
                    "--set",
                    "dropout=0",
                    "--learning-rate",
                    "1e-2",
                    "--schedule",
                    "cosine",
                    "--epochs",
                    "20")))
        .as(err.toString())
        .isZero();
    String trained = row("timexer");
    double mse = Double.parseDouble(trained.split("\\|")[2].trim());
    assertThat(mse).as("of noise, unless the load ahead is seen").isLessThan(0.3);

    out.getBuffer().setLength(0);
    assertThat(run("evaluate", "--model", model.toString(), "--data", data.toString())).isZero();
    assertThat(row("timexer")).as("evaluated as trained").isEqualTo(trained);
  }

  private Path loadAndPrice() throws IOException {
    Random random = new Random(4);
    StringBuilder csv = new StringBuilder("date,price,load\n");
    LocalDateTime time = LocalDateTime.of(2000, 1, 1, 0, 0);
    for (int row = 0; row < 2 * ROWS; row++) {
      double load = random.nextGaussian();
      csv.append(time.plusHours(row)).append(":00,");
      csv.append(20 - 5 * load).append(',').append(1000 + 100 * load).append('\n');
    }
    return Files.writeString(folder.resolve("prices.csv"), csv);
  }

  @Test
  void shouldPretrainAModelForSeriesItNeverSaw() throws IOException {
    Path data = waves();
    Path model = folder.resolve("general");
    String[] arguments = {
      "pretrain",
      "--learn",
      loadAndPrice() + "@300,90,90",
      "--held-out",
      data.toString(),
      "--out",
      model.toString(),
      "--context",
      "48",
      "--horizon",
      "6",
      "--windows",
      "64",
      "--validation-windows",
      "32",
      "--set",
      "hidden_size=16",
      "--set",
      "intermediate_size=16",
      "--set",
      "num_hidden_layers=1",
      "--set",
      "num_attention_heads=2",
      "--set",
      "output_token_lens=[6]",
      "--set",
      "num_samples=5",
      "--set",
      "num_sampling_steps=2",
      "--batch-size",
      "16",
      "--epochs",
      "2",
      "--threads",
      "1"
    };
    assertThat(run(arguments)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("test windows of waves.csv", "CRPS");
    assertThat(Files.readString(model.resolve("card.md")))
        .contains("synthetic series", "`prices.csv`, the first 300 rows of price, load", "Held out")
        .contains("waves.csv");
    String measured = row("sundial");

    out.getBuffer().setLength(0);
    assertThat(run("evaluate", "--model", model.toString(), "--data", data.toString())).isZero();
    assertThat(row("sundial")).as("evaluated as measured").isEqualTo(measured);
    String naive = row("daily seasonal naive");

    out.getBuffer().setLength(0);
    String[] evaluate = {"evaluate", "--model", model.toString(), "--data", data.toString()};
    assertThat(run(with(evaluate, "--context", "20"))).as("%s", err).isZero();
    assertThat(out.toString())
        .startsWith("The model is given the newest 20 of the 48 cells of each context, the");
    assertThat(row("daily seasonal naive")).as("of the same windows").isEqualTo(naive);
    assertThat(row("sundial")).isNotEqualTo(measured);
    out.getBuffer().setLength(0);
    assertThat(run(with(evaluate, "--context", "48"))).isZero();
    assertThat(row("sundial")).isEqualTo(measured);
    assertThat(run(with(evaluate, "--context", "49"))).isEqualTo(2);
    assertThat(err.toString()).contains("context must be within 1..48: context=49");
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private String row(String name) {
    return out.toString()
        .lines()
        .filter(line -> line.startsWith("| " + name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--architecture lstm | architecture must be one of",
        "--targets price | the series must have the channel price, it has [wave]",
        "--future-covariates wave | a channel must not be both target and known: --future-covariates=wave",
        "--set d_model=wide | hyperparameters: d_model can't be wide",
        "--set d_modle=8 | --set must name hyperparameters of patchtst: unknown: d_modle; did you mean d_model?",
        "--set batch_size=8 | --set must name hyperparameters of patchtst: unknown: batch_size; did you",
        "--set seq_len=96 | --set must leave seq_len to --context: --set seq_len=96",
        "--targets wave,wave | a target must be named once: --targets=wave,wave",
        "--input patches --set decomposition=true | patchtst must be given whole contexts for its",
        "--rollout 6 | rollout must be greater than the horizon of 6: rollout=6",
        "--input patch | Invalid value for option '--input'",
        "--set n_heads=3 | n_heads must divide d_model: 3",
        "--split 1,2 | split must be three row counts or shares",
        "--context 500 | must hold a window of context 500",
        "--split 180,40,5 | the test rows of split 180,40,5 must hold a window",
        "--learning-rate 1e-4f | '1e-4f' is not a number",
        "--learning-rate 1e30 | learning rate is too large, the training diverged",
        "--epochs 0 | epochs must be at least 1: 0",
        "--data absent.csv | absent.csv: no such file"
      })
  void shouldSayInOneLineWhatToPutRight(String wrong, String message) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of(train(waves(), folder.resolve("model"), "patchtst")));
    String[] option = wrong.split(" ");
    int given = arguments.indexOf(option[0]);
    if (given > 0) {
      arguments.subList(given, given + 2).clear();
    }
    arguments.addAll(List.of(option));

    assertThat(run(arguments.toArray(String[]::new))).isEqualTo(2);

    assertThat(err.toString()).startsWith("tidecast: ").contains(message).doesNotContain("\tat ");
    assertThat(err.toString().lines().count()).isLessThanOrEqualTo(2);
    assertThat(out.toString()).as("nothing was trained first").doesNotContain("epoch");
  }

  private int evaluate(Path model, Path data, String... more) {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--model", model.toString()));
    arguments.addAll(List.of("--data", data.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private String[] train(Path data, Path model, String architecture, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("train", "--architecture", architecture, "--data", data.toString()));
    arguments.addAll(List.of("--out", model.toString(), "--context", "48", "--horizon", "6"));
    arguments.addAll(List.of("--batch-size", "32", "--threads", "1"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private Path waves() throws IOException {
    StringBuilder csv = new StringBuilder("date,wave\n");
    LocalDateTime time = LocalDateTime.of(2000, 1, 1, 0, 0);
    for (int row = 0; row < ROWS; row++) {
      csv.append(time.plusHours(row)).append(":00,");
      csv.append(100 + 10 * Math.sin(row * Math.PI / 12)).append('\n');
    }
    return Files.writeString(folder.resolve("waves.csv"), csv);
  }

  private int run(String... arguments) {
    return TidecastCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
