package io.tidecast.cli.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.testing.Said;
import io.tidecast.cli.testing.Tidecast;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way of {@code docs/how-to/your-model.md} from a topic to a model of one's own that serves it.
 */
@Tag("cluster")
@Timeout(170)
class OwnModelITCase {
  private static final int OBSERVATIONS = 1344;
  private static final int CONTEXT = 96;
  private static final int HORIZON = 24;

  @TempDir private Path folder;

  @Test
  void shouldTrainMeasureAndServeAModelOfTheTopic() throws Exception {
    Path job = folder.resolve("job.yaml");
    try (Tidecast quickstart =
        new Tidecast(
            folder,
            "quickstart",
            "--speed",
            "3000",
            "--keep-running",
            "--job-file",
            job.toString())) {
      quickstart.awaitLine("until Ctrl-C.");

      String linear = train(job, "linear");
      String patchtst =
          train(
              job,
              "patchtst",
              "--epochs",
              "1",
              "--set",
              "d_model=16",
              "--set",
              "n_heads=2",
              "--set",
              "e_layers=1",
              "--set",
              "d_ff=32",
              "--threads",
              "1");
      double ofLinear = measured(job, linear);
      double ofPatchtst = measured(job, patchtst);
      // One epoch of a small network is no match for weights that are solved for.
      assertThat(ofLinear).isLessThan(ofPatchtst);
      serve(job, linear);
    }
  }

  private String train(Path job, String architecture, String... more) throws IOException {
    Path model = folder.resolve(architecture);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--config",
                job.toString(),
                "--architecture",
                architecture,
                "--context",
                String.valueOf(CONTEXT),
                "--horizon",
                String.valueOf(HORIZON),
                "--out",
                model.toString()));
    arguments.addAll(List.of(more));

    String said = tidecast(arguments.toArray(String[]::new));

    assertThat(said).contains("Read 1,344 observations of observations up to ");
    assertThat(model.resolve("card.md"))
        .content()
        .contains(
            "- `observations`, partition 0, offsets 0 to 1343: 1,344 observations from 2000-07-31T00:00:00Z to 2000-08-27T23:30:00Z");
    assertThat(model.resolve("history")).doesNotExist();
    assertThat(model.resolve("checkpoint")).doesNotExist();
    return model.toString();
  }

  /** Returns the mean absolute error in standard deviations. */
  private double measured(Path job, String model) throws IOException {
    Path json = folder.resolve("backtest.json");
    String said =
        tidecast(
            "evaluate", "--config", job.toString(), "--model", model, "--json", json.toString());
    // 1,344 rows are 940 to train on, 136 to validate and 268 to test.
    assertThat(said).contains("every one of 245 test windows of 1 series, rows 940,136,268");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    return report.path("forecasters").path(0).path("scaledMae").asDouble();
  }

  /** Puts the model into the job file, and runs the job over what there is. */
  private void serve(Path job, String model) throws IOException {
    String text = Files.readString(job);
    Path own =
        Files.writeString(
            folder.resolve("own.yaml"),
            text.replaceFirst("path: .*", "path: " + model)
                .replace("start: earliest", "start: earliest\n  stop: latest"));
    JobConfig config = JobFile.load(own);

    String said = tidecast("run", "--config", own.toString(), "--create-topics");

    assertThat(said).contains("Forecasting observations -> my-forecasts");
    try (ForecastReader reader =
        new ForecastReader(config.kafka().bootstrapServers(), "my-forecasts", "my-forecasts.dlq")) {
      int expected = OBSERVATIONS - CONTEXT + 1;
      while (reader.forecasts().size() < expected) {
        int unused = reader.poll(Duration.ofMillis(200));
      }
      assertThat(reader.forecasts()).hasSize(expected);
      assertThat(reader.deadLetters()).isEmpty();
      assertThat(reader.forecasts().get(0).forecast().getModelId()).hasToString("linear");
      assertThat(reader.forecasts()).noneMatch(one -> one.forecast().getFallback());
    }
  }

  private static String tidecast(String... arguments) {
    return Said.tidecast(arguments).printed();
  }
}
