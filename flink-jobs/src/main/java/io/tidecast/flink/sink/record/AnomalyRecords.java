package io.tidecast.flink.sink.record;

import io.tidecast.flink.record.Anomaly;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.record.write.Fields;
import io.tidecast.runtime.anomalies.Finding;
import io.tidecast.runtime.anomalies.Side;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.jspecify.annotations.Nullable;

/** Makes a record of each anomaly, under its series, in the format of the forecasts. */
public final class AnomalyRecords implements RecordEncoder<Anomaly> {

  private static final long serialVersionUID = 1L;

  private static final Anomaly SAMPLE =
      new Anomaly(
          "",
          "",
          0,
          Finding.Kind.ANOMALY,
          Side.ABOVE,
          0,
          0,
          new Anomaly.Interval(0, 0, 0),
          0,
          new Anomaly.Run(0, 0, 0, 0, 0),
          new Anomaly.Source(0, 0, "", ""),
          0,
          false);

  private final String topic;
  private final SinkSettings.Kafka forecasts;
  private transient SeriesRecords<Anomaly> records;

  /**
   * @param topic of the anomalies
   * @param forecasts how forecasts are written
   */
  public AnomalyRecords(String topic, SinkSettings.Kafka forecasts) {
    this.topic = topic;
    this.forecasts = forecasts;
  }

  @Override
  public void open(InitializationContext context) {
    records =
        new SeriesRecords<>(
            topic,
            Written.values(
                RecordKind.ANOMALY,
                forecasts.records(),
                AnomalyRecords::write,
                SAMPLE,
                SinkSchemas.anomalyFrame(topic, forecasts)),
            CloudEvents.of(RecordKind.ANOMALY, forecasts.records()),
            CloudEvents::of);
  }

  @Override
  public void encode(Anomaly anomaly, Out out) throws IOException, InterruptedException {
    records.write(SeriesRecords.key(anomaly.series()), anomaly, out);
  }

  /** Writes an anomaly, as {@code Anomaly.avsc} has it. */
  private static void write(Anomaly anomaly, Fields out) throws IOException {
    out.text("series", anomaly.series());
    out.text("target", anomaly.target());
    out.time("time", anomaly.timeMillis());
    out.text("kind", text(anomaly.kind()));
    out.text("direction", text(anomaly.side()));
    out.number("value", anomaly.value());
    out.number("expected", anomaly.expected());
    out.number("lower", anomaly.interval().lower());
    out.number("upper", anomaly.interval().upper());
    out.number("level", anomaly.interval().level());
    out.number("score", anomaly.score());
    out.whole("outside", anomaly.run().outside());
    out.whole("among", anomaly.run().among());
    out.time("since", anomaly.run().sinceMillis());
    out.optionalNumber("levelBefore", known(anomaly.run().levelBefore()));
    out.optionalNumber("levelAfter", known(anomaly.run().levelAfter()));
    out.time("origin", anomaly.source().originMillis());
    out.whole("lead", anomaly.source().lead());
    out.text("modelId", anomaly.source().modelId());
    out.text("modelVersion", anomaly.source().modelVersion());
    out.flag("withdrawn", anomaly.withdrawn());
  }

  /** What a kind is called in records. */
  static String text(Finding.Kind kind) {
    return switch (kind) {
      case ANOMALY -> "anomaly";
      case LEVEL_SHIFT -> "level-shift";
    };
  }

  private static String text(Side side) {
    return switch (side) {
      case ABOVE -> "above";
      case BELOW -> "below";
    };
  }

  private static @Nullable Double known(double level) {
    return Double.isNaN(level) ? null : (Double) level;
  }
}
