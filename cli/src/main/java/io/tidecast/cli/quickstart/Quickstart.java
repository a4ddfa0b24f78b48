package io.tidecast.cli.quickstart;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.embedded.EmbeddedPipeline;
import io.tidecast.cli.embedded.ForecastReader;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.schemas.Forecast;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Replays the last four weeks of the demand series through a running pipeline and measures the
 * forecasts that come out: the two validation weeks, which fill the context first, and the two test
 * weeks. One thread uses it.
 */
final class Quickstart {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STALLED = Duration.ofSeconds(60);
  private static final int FIRST_ROW = DemandSeries.FIRST_VALIDATION_ROW;

  private final DemandSeries series = DemandSeries.load();
  private final int contextLength;

  /**
   * @param summary for people
   * @param forecasts in the order of the topic
   */
  record Result(Summary summary, List<Forecast> forecasts) {}

  /**
   * @throws ModelException if the model is not for such a series
   */
  Quickstart(ModelManifest model) {
    this.contextLength = model.contextLength();
    int replayed = series.rows() - FIRST_ROW;
    require(model.channels().names().size() == 1, "have one channel", model.channels().names());
    require(
        model.takes(GridStep.fixed(DemandSeries.STEP)),
        "have the step " + DemandSeries.STEP,
        model.step());
    require(
        contextLength + model.predictionLength() <= replayed,
        "need no more than the %d observations of the replay".formatted(replayed),
        "contextLength %d + predictionLength %d"
            .formatted(contextLength, model.predictionLength()));
  }

  /** The number of observations that a run sends. */
  int observations() {
    return series.rows() - FIRST_ROW;
  }

  /** The number of forecasts that a run without a dead letter gives. */
  int forecasts() {
    return observations() - contextLength + 1;
  }

  /**
   * Replays and reads until every observation has had its answer.
   *
   * @param observationsPerSecond speed of the replay
   * @return empty if it was stopped on the way
   * @throws CliException if the job fails or nothing moves any more
   */
  Optional<Result> run(
      EmbeddedPipeline pipeline, double observationsPerSecond, StopSignal stop, Progress progress) {
    try (ForecastReader reader =
            new ForecastReader(
                pipeline.bootstrapServers(),
                EmbeddedPipeline.FORECASTS,
                EmbeddedPipeline.DEAD_LETTERS);
        Replay replay =
            new Replay(
                pipeline.bootstrapServers(),
                EmbeddedPipeline.OBSERVATIONS,
                new Replay.Plan(series, FIRST_ROW, observationsPerSecond))) {
      replay.start();
      int moved = -1;
      long movedNanos = System.nanoTime();
      while (replay.accepted() < observations() || answers(reader) < forecasts()) {
        if (stop.requested()) {
          return Optional.empty();
        }
        reader.poll(POLL);
        replay.check();
        pipeline.job().check();
        progress.show(replay.accepted(), reader.forecasts().size());
        if (moved != replay.accepted() + answers(reader)) {
          moved = replay.accepted() + answers(reader);
          movedNanos = System.nanoTime();
        } else if (System.nanoTime() - movedNanos > STALLED.toNanos()) {
          throw stalled(replay, reader);
        }
      }
      return Optional.of(result(replay, reader));
    }
  }

  private static int answers(ForecastReader reader) {
    return reader.forecasts().size() + reader.deadLetters().size();
  }

  private Result result(Replay replay, ForecastReader reader) {
    List<Forecast> forecasts =
        reader.forecasts().stream().map(ForecastReader.Received::forecast).toList();
    if (forecasts.isEmpty()) {
      throw new CliException("no forecast was made: " + firstDeadLetter(reader));
    }
    long[] latencies =
        reader.forecasts().stream()
            .mapToLong(
                f ->
                    f.readableMillis()
                        - replay.acceptedMillis(series.row(f.forecast().getOrigin())))
            .toArray();
    long lastMillis = reader.forecasts().get(reader.forecasts().size() - 1).readableMillis();
    long firstMillis = replay.acceptedMillis(FIRST_ROW + contextLength - 1);
    Summary summary =
        new Summary(
            replay.accepted(),
            forecasts.size(),
            (int) forecasts.stream().filter(Forecast::getFallback).count(),
            reader.deadLetters().size(),
            1000.0 * forecasts.size() / Math.max(1, lastMillis - firstMillis),
            Latency.of(latencies),
            Comparison.of(series, forecasts, FIRST_ROW),
            Comparison.of(series, forecasts, DemandSeries.FIRST_TEST_ROW));
    return new Result(summary, forecasts);
  }

  private CliException stalled(Replay replay, ForecastReader reader) {
    return new CliException(
        "nothing has moved for %d seconds: observations=%d of %d, forecasts=%d of %d, %s"
            .formatted(
                STALLED.toSeconds(),
                replay.accepted(),
                observations(),
                reader.forecasts().size(),
                forecasts(),
                firstDeadLetter(reader)));
  }

  private static String firstDeadLetter(ForecastReader reader) {
    return "dead letters=%d%s"
        .formatted(
            reader.deadLetters().size(),
            reader.deadLetters().stream()
                .findFirst()
                .map(d -> ", the first: %s: %s".formatted(d.getReason(), d.getDetail()))
                .orElse(""));
  }

  private static void require(boolean holds, String requirement, Object found) {
    if (!holds) {
      throw new ModelException(
          "the quickstart's model must %s: found %s".formatted(requirement, found));
    }
  }
}
