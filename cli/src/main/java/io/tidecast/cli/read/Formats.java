package io.tidecast.cli.read;

import io.tidecast.flink.read.RecordDecoder;
import io.tidecast.flink.read.RecordDecoders;
import io.tidecast.flink.read.RecordType;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastPoint;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** What the records that a job writes are read with, as its job file says. */
public final class Formats {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Formats() {}

  /**
   * Reads forecasts, whole ones or by their points.
   *
   * @param step of the job
   * @param ofSeries whether those of a series are asked for
   */
  public static IntFunction<Gathering<Forecast>> forecasts(
      SinkSettings.Kafka sink, GridStep step, Predicate<@Nullable String> ofSeries) {
    if (sink.layout() == Layout.POINTS) {
      RecordDecoder<ForecastPoint> decoder = decoder(RecordType.points(), sink.records());
      PointGroups.Spacing spacing = new PointGroups.Spacing(step.millis(), System::nanoTime);
      return most -> new PointGroups(decoder, point -> ofSeries.test(point.getSeries()), spacing);
    }
    RecordDecoder<Forecast> decoder = decoder(RecordType.forecasts(), sink.records());
    return most -> new Singles<>(decoder, forecast -> ofSeries.test(forecast.getSeries()), most);
  }

  /**
   * Reads dead letters.
   *
   * @param ofSeries whether those of a series are asked for; null is given for those of none
   */
  static IntFunction<Gathering<DeadLetter>> deadLetters(
      DeadLetterSettings settings, Predicate<@Nullable String> ofSeries) {
    RecordDecoder<DeadLetter> decoder = decoder(RecordType.deadLetters(), settings.records());
    return most -> new Singles<>(decoder, letter -> ofSeries.test(letter.getSeries()), most);
  }

  /** Reads records of one kind; somebody waits for the answer: a job has more patience. */
  private static <T extends SpecificRecordBase> RecordDecoder<T> decoder(
      RecordType<T> type, RecordSettings settings) {
    return RecordDecoders.of(type, settings, PATIENCE);
  }
}
