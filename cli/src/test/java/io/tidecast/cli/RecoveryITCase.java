package io.tidecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidecast.cli.embedded.EmbeddedPipeline;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.cli.page.LivePage;
import io.tidecast.cli.page.PageAddress;
import io.tidecast.cli.quickstart.DemandSeries;
import io.tidecast.cli.quickstart.Replay;
import io.tidecast.cli.run.JobReport;
import io.tidecast.cli.testing.FailingModel;
import io.tidecast.cli.testing.FailingWindow;
import io.tidecast.cli.testing.PageEvents;
import io.tidecast.cli.testing.Pipelines;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
class RecoveryITCase {
  private static final int FAILURES = 2;
  private static final int OBSERVATIONS_PER_SECOND = 300;

  @Test
  void shouldLoseNoForecastAndMakeNoneTwiceWhenTheWindowFails() {
    shouldLoseNoForecastAndMakeNoneTwice(
        (environment, config) -> {
          StreamGraph graph = EmbeddedPipeline.forecastJob(environment, config);
          FailingWindow.inject(graph, 500, FAILURES);
          return graph;
        });
  }

  @Test
  void shouldLoseNoForecastAndMakeNoneTwiceWhenTheModelTakesTheTaskWithIt() {
    shouldLoseNoForecastAndMakeNoneTwice(RecoveryITCase::withFailingModel);
  }

  /** The page has outlived the failures of the job. */
  private static void shouldShowTheNewest(ForecastReader reader, LivePage page) {
    long newest =
        reader.forecasts().stream()
            .mapToLong(received -> received.forecast().getOrigin().toEpochMilli())
            .max()
            .orElseThrow();
    JsonNode shown =
        PageEvents.await(
            page.url(),
            seen -> {
              JsonNode origins = seen.path("series").path("origins");
              return origins.path(origins.size() - 1).asLong() == newest;
            });
    assertThat(shown.path("job").path("phase").asText()).isEqualTo("running");
  }

  private static StreamGraph withFailingModel(
      StreamExecutionEnvironment environment, JobConfig config) {
    ForecastJob.build(
        environment, config, FailingModel.of(ForecastJob.model(config), 300, FAILURES));
    return environment.getStreamGraph();
  }

  private static void shouldLoseNoForecastAndMakeNoneTwice(EmbeddedPipeline.GraphBuilder job) {
    try (EmbeddedPipeline pipeline = EmbeddedPipeline.start(Pipelines.settings(1), job);
        LivePage page =
            LivePage.start(pipeline.config(), "recovery", PageAddress.USUAL, sentence -> {});
        ForecastReader reader = Pipelines.reader(pipeline);
        Replay replay =
            new Replay(
                pipeline.bootstrapServers(),
                EmbeddedPipeline.OBSERVATIONS,
                new Replay.Plan(
                    DemandSeries.load(),
                    DemandSeries.FIRST_VALIDATION_ROW,
                    OBSERVATIONS_PER_SECOND))) {
      page.watch(new JobReport(pipeline.job(), pipeline.meter(), pipeline.config()));
      replay.start();

      Pipelines.read(reader, Pipelines.FORECASTS, 0, pipeline.job()::check);

      replay.check();
      assertThat(pipeline.job().restarts()).isEqualTo(FAILURES);
      assertThat(pipeline.job().restored()).isTrue();
      assertThat(pipeline.job().lastFailure()).contains("injected by a test");
      Pipelines.checkSound(reader.forecasts());
      shouldShowTheNewest(reader, page);
      assertThat(Pipelines.points(reader.forecasts())).isEqualTo(Pipelines.undisturbed());
    }
  }
}
