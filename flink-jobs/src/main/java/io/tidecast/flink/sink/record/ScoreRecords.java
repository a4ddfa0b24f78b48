package io.tidecast.flink.sink.record;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.runtime.scores.Figures;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;

/** Makes a record of each score, under its series, in the format of the forecasts. */
public final class ScoreRecords implements RecordEncoder<ForecastScore> {

  private static final long serialVersionUID = 1L;
  private static final Figures ANY = new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  private static final ForecastScore SAMPLE =
      new ForecastScore("", 0, "", "", "", 1, 1, ANY, ANY, ForecastRole.PRIMARY, Double.NaN);

  private final String topic;
  private final SinkSettings.Kafka forecasts;
  private transient SeriesRecords<ForecastScore> records;

  /**
   * @param topic of the scores
   * @param forecasts how forecasts are written
   */
  public ScoreRecords(String topic, SinkSettings.Kafka forecasts) {
    this.topic = topic;
    this.forecasts = forecasts;
  }

  @Override
  public void open(InitializationContext context) {
    records =
        new SeriesRecords<>(
            topic,
            Written.values(
                RecordKind.SCORE,
                forecasts.records(),
                new ScoreShape(),
                SAMPLE,
                SinkSchemas.scoreFrame(topic, forecasts)),
            CloudEvents.of(RecordKind.SCORE, forecasts.records()),
            CloudEvents::of);
  }

  @Override
  public void encode(ForecastScore score, Out out) throws IOException, InterruptedException {
    records.write(SeriesRecords.key(score.series()), score, out);
  }
}
