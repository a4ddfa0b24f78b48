package io.tidecast.flink.sink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.sink.RecordKey;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.record.write.Fields;
import io.tidecast.runtime.grid.GridStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of each forecast that series are given or of each beside them, or one of each of
 * its points, and counts forecasts. What a forecast holds, it says itself: nothing is taken from
 * the model of the job but the levels that become columns.
 */
public final class ForecastRecords implements RecordEncoder<IssuedForecast> {

  private static final long serialVersionUID = 1L;
  private static final byte[] NO_BYTES = {};

  /** The mark and the id of a schema, and the place of a message in a file of Protobuf. */
  private static final int FRAME_BYTES = 6;

  private final SinkSettings.Kafka settings;
  private final GridStep step;
  private final double[] levels;
  private final boolean primaries;
  private transient Opened opened;

  private record Opened(Layouter layouter, Counter forecasts, Counter fallbacks) {}

  private ForecastRecords(
      SinkSettings.Kafka settings, GridStep step, double[] levels, boolean primaries) {
    this.settings = settings;
    this.step = step;
    this.levels = levels.clone();
    this.primaries = primaries;
  }

  /**
   * Makes those of the forecasts that series are given.
   *
   * @param step from one point of a forecast to the next
   * @param levels of the quantiles of the job's model
   */
  public ForecastRecords(SinkSettings.Kafka settings, GridStep step, double[] levels) {
    this(settings, step, levels, true);
  }

  /**
   * Makes those of the forecasts beside them, of shadows and members, for which there must be a
   * topic.
   *
   * @param step from one point of a forecast to the next
   * @param levels of the quantiles of the job's model
   */
  public static ForecastRecords ofShadows(
      SinkSettings.Kafka settings, GridStep step, double[] levels) {
    return new ForecastRecords(settings, step, levels, false);
  }

  @Override
  public void open(InitializationContext context) throws IOException {
    JobMetrics metrics = new JobMetrics(context.getMetricGroup());
    if (primaries) {
      opened =
          new Opened(
              layouter(settings.topic(), SinkSchemas.forecastFrame(settings)),
              metrics.counterOfTask(JobMetric.FORECASTS),
              metrics.counter(JobMetric.FALLBACK_FORECASTS));
    } else {
      Counter all = metrics.counter(JobMetric.SHADOW_FORECASTS);
      String topic = requireNonNull(settings.shadowTopic(), "shadowTopic is null");
      opened = new Opened(layouter(topic, SinkSchemas.shadowFrame(settings)), all, all);
    }
  }

  private Layouter layouter(String topic, byte[] frame) {
    return settings.layout() == Layout.FORECAST
        ? new Whole(topic, frame)
        : new Points(topic, frame);
  }

  @Override
  public void encode(IssuedForecast forecast, Out out) throws IOException, InterruptedException {
    if ((forecast.role() == ForecastRole.PRIMARY) != primaries) {
      throw new IllegalStateException(
          "must be %s primaries: role=%s".formatted(primaries ? "of" : "of no", forecast.role()));
    }
    (forecast.fallback() ? opened.fallbacks : opened.forecasts).inc();
    byte[] series = forecast.series().getBytes(StandardCharsets.UTF_8);
    opened.layouter.encode(new KeyedForecast(forecast, series), out);
  }

  /**
   * What a forecast becomes in Kafka.
   *
   * @param records of one forecast
   * @param bytes of them together: keys, values and headers, before Kafka compresses them
   */
  public record Size(int records, long bytes) {}

  /** Counts what a forecast becomes; no registry is asked, since its ids are all equally long. */
  public Size size(IssuedForecast forecast) {
    byte[] frame = new byte[settings.records().schemas() == null ? 0 : FRAME_BYTES];
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    try {
      layouter(settings.topic(), frame)
          .encode(
              new KeyedForecast(forecast, forecast.series().getBytes(StandardCharsets.UTF_8)),
              records::add);
    } catch (IOException | InterruptedException impossible) {
      throw new IllegalStateException("a list takes every record", impossible);
    }
    return new Size(records.size(), records.stream().mapToLong(ForecastRecords::bytes).sum());
  }

  private static long bytes(ProducerRecord<byte[], byte[]> record) {
    long bytes = (long) record.key().length + record.value().length;
    for (Header header : record.headers()) {
      bytes += (long) header.key().length() + header.value().length;
    }
    return bytes;
  }

  /** Makes records of a forecast. */
  private interface Layouter {
    void encode(KeyedForecast forecast, Out out) throws IOException, InterruptedException;
  }

  private final class Whole implements Layouter {

    private final String topic;
    private final Written<KeyedForecast> values;
    private final @Nullable CloudEvents events =
        CloudEvents.of(RecordKind.FORECAST, settings.records());
    private final @Nullable Written<KeyedForecast> keys;

    Whole(String topic, byte[] frame) {
      this.topic = topic;
      values =
          Written.values(
              RecordKind.FORECAST,
              settings.records(),
              new ForecastShape(step.millis()),
              new KeyedForecast(sample(), NO_BYTES),
              frame);
      keys =
          settings.key() == RecordKey.SERIES
              ? null
              : Written.keys(
                  RecordKind.FORECAST,
                  settings.records(),
                  ForecastRecords::writeOriginKey,
                  new KeyedForecast(sample(), NO_BYTES));
    }

    @Override
    public void encode(KeyedForecast forecast, Out out) throws IOException, InterruptedException {
      out.write(
          record(
              topic,
              keys == null ? forecast.series() : keys.bytes(forecast),
              values.bytes(forecast),
              headers(
                  forecast.forecast(), events == null ? null : events.of(forecast.forecast()))));
    }
  }

  private final class Points implements Layouter {

    private final String topic;
    private final Written<Point> values;
    private final @Nullable CloudEvents events =
        CloudEvents.of(RecordKind.POINT, settings.records());
    private final @Nullable Written<Point> keys;

    Points(String topic, byte[] frame) {
      this.topic = topic;
      values =
          Written.values(
              RecordKind.POINT,
              settings.records(),
              shape(),
              new Point(sample(), NO_BYTES, 0, 0, 0),
              frame);
      keys =
          settings.key() == RecordKey.SERIES
              ? null
              : Written.keys(
                  RecordKind.POINT,
                  settings.records(),
                  new PointKeyShape(settings.key()),
                  new Point(sample(), NO_BYTES, 0, 0, 0));
    }

    /** Tables have no lists, and a schema of ours no columns that depend on the model. */
    private PointShape shape() {
      return settings.records().format().isJson() ? PointShape.columns(levels) : PointShape.lists();
    }

    @Override
    public void encode(KeyedForecast keyed, Out out) throws IOException, InterruptedException {
      IssuedForecast forecast = keyed.forecast();
      long origin = step.cell(forecast.originMillis());
      for (int ahead = 0; ahead < forecast.horizon(); ahead++) {
        long timeMillis = step.startMillis(origin + ahead + 1);
        for (int target = 0; target < forecast.issuer().channels(); target++) {
          Point point = new Point(forecast, keyed.series(), ahead, target, timeMillis);
          out.write(
              record(
                  topic,
                  keys == null ? point.series() : keys.bytes(point),
                  values.bytes(point),
                  headers(forecast, events == null ? null : events.of(point))));
        }
      }
    }
  }

  /**
   * The headers of a record: those of CloudEvents, and those that are passed on, which those of a
   * trace are as CloudEvents' extension names them, too.
   *
   * @param events of CloudEvents; null where records have none
   */
  private static @Nullable Headers headers(IssuedForecast forecast, @Nullable Headers events) {
    byte[] passed = forecast.passed();
    if (passed == null) {
      return events;
    }
    Headers headers = events == null ? new RecordHeaders() : events;
    CloudEvents.addPassed(headers, passed, events != null);
    return headers;
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, byte[] key, byte[] value, @Nullable Headers headers) {
    // No timestamp, that is the wall clock: with the event time of an old series, the retention of
    // the topic would delete its forecasts as soon as they are written.
    return new ProducerRecord<>(topic, null, null, key, value, headers);
  }

  /** Writes the key of a forecast that is more than its series: its origin as well. */
  private static void writeOriginKey(KeyedForecast forecast, Fields out) throws IOException {
    out.text("series", forecast.forecast().series(), forecast.series());
    out.time("origin", forecast.forecast().originMillis());
  }

  /** Of which the names and types of the fields are known. */
  private static IssuedForecast sample() {
    Issuer issuer = new Issuer("", "", 1, new String[0], new double[0]);
    return new IssuedForecast("", 0, 0, issuer, new float[1], new float[0], 0, false, 0, 1);
  }
}
