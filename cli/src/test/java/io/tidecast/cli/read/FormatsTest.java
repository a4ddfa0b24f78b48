package io.tidecast.cli.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.testing.TestingRegistry;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.read.RecordDecoders;
import io.tidecast.flink.read.RecordType;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.JsonTimes;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.LossPolicy;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.sink.RecordFormat;
import io.tidecast.flink.sink.RecordKey;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.SchemaRegistration;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.SubjectNames;
import io.tidecast.flink.sink.Tuning;
import io.tidecast.flink.sink.record.DeadLetterRecords;
import io.tidecast.flink.sink.record.ForecastRecords;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.ErrorCode;
import io.tidecast.schemas.Forecast;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the job's own encoders write, read as its job file says. */
class FormatsTest {

  private static final GridStep STEP = GridStep.fixed(Duration.ofMinutes(30));
  private static final double[] LEVELS = {0.025, 0.5};
  private static final Instant ORIGIN = Instant.parse("2026-03-27T23:00:00Z");
  private static final Instant ISSUED = Instant.parse("2026-03-27T23:00:00.250Z");

  private static final IssuedForecast FORECAST =
      new IssuedForecast(
          "Zähler \"4\"",
          ORIGIN.toEpochMilli(),
          ISSUED.toEpochMilli(),
          new Issuer("m", "7", 2, new String[] {"load", "price"}, LEVELS),
          new float[] {0.5f, -0.1f, 1, 25.3f},
          new float[] {0, 0.5f, -1, -0.1f, 0, 1, 24, 25.3f},
          3,
          false,
          2,
          2);

  private static final IssuedForecast SHADOW =
      new IssuedForecast(
          FORECAST.series(),
          FORECAST.originMillis(),
          FORECAST.issuedAtMillis(),
          FORECAST.issuer(),
          FORECAST.bases(),
          FORECAST.points(),
          FORECAST.quantiles(),
          3,
          false,
          2,
          2,
          null,
          ForecastRole.SHADOW);

  /** Of a baseline, which gives neither quantiles nor names. */
  private static final IssuedForecast FALLBACK =
      new IssuedForecast(
          "",
          ORIGIN.toEpochMilli(),
          ISSUED.toEpochMilli(),
          new Issuer("seasonal-naive", "1", 1, new String[0], new double[0]),
          new float[] {0, 7},
          new float[0],
          0,
          true,
          0,
          2);

  private static final Rejection REFUSED =
      new Rejection(
          ErrorCode.INVALID_FIELD,
          "field must be a number: kwh=\"x\"",
          new RecordOrigin(
              "meters", 3, 42, ISSUED.toEpochMilli(), 2, 7, utf8("k1"), new byte[] {-1, 0, 7}),
          null,
          null,
          ISSUED.toEpochMilli());

  private static final Rejection FAILED =
      new Rejection(
          ErrorCode.INFERENCE_FAILED,
          "why",
          null,
          "a",
          ORIGIN.toEpochMilli(),
          ISSUED.toEpochMilli());

  private static TestingRegistry registry;

  /** Ways in which a job writes. */
  private enum Way {
    TIDECAST(RecordFormat.TIDECAST, false),
    JSON(RecordFormat.JSON, false),
    CONNECT_JSON(RecordFormat.CONNECT_JSON, false),
    AVRO(RecordFormat.AVRO, false),
    FRAMED_AVRO(RecordFormat.AVRO, true),
    PROTOBUF(RecordFormat.PROTOBUF, false),
    FRAMED_PROTOBUF(RecordFormat.PROTOBUF, true);

    private final RecordFormat format;
    private final boolean framed;

    Way(RecordFormat format, boolean framed) {
      this.format = format;
      this.framed = framed;
    }

    RecordSettings settings() {
      return new RecordSettings(
          format,
          JsonTimes.ISO_8601,
          null,
          framed
              ? new SchemaRegistration(
                  RegistrySettings.of(URI.create(registry.url())), true, SubjectNames.TOPIC)
              : null);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    registry = new TestingRegistry();
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadWholeForecasts(Way way) throws Exception {
    List<Forecast> read = values(forecasts(way, Layout.FORECAST));

    assertThat(read).isEqualTo(values(forecasts(Way.TIDECAST, Layout.FORECAST))).hasSize(2);
    assertThat(read.get(0).getSeries()).isEqualTo("Zähler \"4\"");
    assertThat(read.get(0).getOrigin()).isEqualTo(ORIGIN);
    assertThat(read.get(0).getQuantiles()).hasSize(8).endsWith(24.0, (double) 25.3f);
    assertThat(read.get(1).getPoints()).containsExactly(0.0, 7.0);
  }

  @ParameterizedTest
  @EnumSource
  void shouldGatherTheForecastsOfPointsWhereverTheyAre(Way way) throws Exception {
    assertThat(values(forecasts(way, Layout.POINTS)))
        .containsExactlyInAnyOrderElementsOf(values(forecasts(Way.TIDECAST, Layout.FORECAST)));
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowWhichForecastsAreOfShadows(Way way) throws Exception {
    for (Layout layout : Layout.values()) {
      Gathering<Forecast> gathering = gathering(way, layout);
      written(encoder(way, layout), FORECAST).forEach(gathering::add);
      written(ForecastRecords.ofShadows(sink(way, layout), STEP, LEVELS), SHADOW)
          .forEach(gathering::add);

      List<Decoded<Forecast>> found = gathering.newest(9);
      assertThat(values(found))
          .extracting(Forecast::getRole)
          .containsExactlyInAnyOrder("primary", "shadow");
      ForecastView view = new ForecastView(STEP, 60, true);
      for (Decoded<Forecast> one : found) {
        boolean isShadow = one.value().getRole().equals("shadow");
        String line = view.lines(one, one.value()).get(0);
        assertThat(line.contains("  shadow")).as(line).isEqualTo(isShadow);
        assertThat(view.json(one, one.value())).containsEntry("role", one.value().getRole());
      }
    }
  }

  /** As they were written before forecasts said their role. */
  @Test
  void shouldTakeRecordsWithoutARoleForPrimaries() throws Exception {
    String json =
        new String(
            written(encoder(Way.JSON, Layout.FORECAST), FORECAST).get(0).value(),
            StandardCharsets.UTF_8);
    byte[] message = written(encoder(Way.PROTOBUF, Layout.FORECAST), FORECAST).get(0).value();
    byte[] earlier = Arrays.copyOf(message, message.length - "primary".length() - 3);

    Gathering<Forecast> read = gathering(Way.JSON, Layout.FORECAST);
    read.add(record(0, utf8(json.replace(",\"role\":\"primary\"", ""))));
    Gathering<Forecast> readMessages = gathering(Way.PROTOBUF, Layout.FORECAST);
    readMessages.add(record(0, earlier));

    assertThat(json).contains("role");
    assertThat(values(read.newest(1)).get(0).getRole()).isEqualTo("primary");
    assertThat(values(readMessages.newest(1)).get(0).getRole()).isEqualTo("primary");
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadDeadLetters(Way way) throws Exception {
    DeadLetterSettings settings = new DeadLetterSettings("dlq", 1_000, true, way.settings());
    Gathering<DeadLetter> gathering = Formats.deadLetters(settings, any -> true).apply(9);
    written(new DeadLetterRecords(settings), REFUSED, FAILED).forEach(gathering::add);

    List<DeadLetter> read = values(gathering.newest(9));

    assertThat(read).hasSize(2);
    DeadLetter refused = read.get(0);
    assertThat(refused.getReason()).isEqualTo("invalid-field");
    assertThat(refused.getDetail()).isEqualTo("field must be a number: kwh=\"x\"");
    assertThat(refused.getPartition()).isEqualTo(3);
    assertThat(refused.getOffset()).isEqualTo(42);
    assertThat(refused.getTimestamp()).isEqualTo(ISSUED);
    assertThat(refused.getKey()).isEqualTo(ByteBuffer.wrap(utf8("k1")));
    assertThat(refused.getValue()).isEqualTo(ByteBuffer.wrap(new byte[] {-1, 0, 7}));
    assertThat(refused.getValueLength()).isEqualTo(7);
    assertThat(refused.getSeries()).isNull();
    assertThat(read.get(1).getSeries()).isEqualTo("a");
    assertThat(read.get(1).getTime()).isEqualTo(ORIGIN);
    assertThat(read.get(1).getTopic()).isNull();
    assertThat(read.get(1).getValue()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void shouldSayWhyARecordCannotBeRead(Way way) throws Exception {
    Gathering<Forecast> gathering = gathering(way, Layout.POINTS);
    gathering.add(record(0, utf8("what?")));
    gathering.add(record(1, new byte[] {0, 0, 0, 0, 99, 1, 0}));
    gathering.add(record(2, null));

    List<Decoded<Forecast>> read = gathering.newest(9);
    assertThat(read)
        .hasSize(3)
        .allSatisfy(one -> assertThat(one.value()).isNull())
        .allSatisfy(
            one ->
                assertThat(one.problem())
                    .contains("must")
                    .doesNotContain("Exception", "com.fasterxml", "org.apache"));
    assertThat(read.get(2).problem()).isEqualTo("the record must have a value");
    if (way.framed) {
      assertThat(read.get(1).problem()).isEqualTo("schema must be known to the registry: id 99");
    }
  }

  @Test
  void shouldRefuseAFramedRecordOfAnotherSchema() throws Exception {
    for (Way way : List.of(Way.FRAMED_AVRO, Way.FRAMED_PROTOBUF)) {
      byte[] point = written(encoder(way, Layout.POINTS), FORECAST).get(0).value();
      Gathering<Forecast> gathering = gathering(way, Layout.FORECAST);
      gathering.add(record(0, point));

      assertThat(gathering.newest(1).get(0).problem())
          .contains("io.tidecast.schemas.Forecast", "io.tidecast.schemas.ForecastPoint");
    }
  }

  @Test
  void shouldShowWhichPointsOfAForecastAreMissing() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> points =
        written(encoder(Way.JSON, Layout.POINTS), FORECAST);
    Gathering<Forecast> gathering = gathering(Way.JSON, Layout.POINTS);
    points.subList(1, 4).forEach(gathering::add);

    assertThat(gathering.isEnough(1)).as("it may begin before").isFalse();
    Decoded<Forecast> found = gathering.newest(1).get(0);
    ForecastView view = new ForecastView(STEP, 60, true);
    assertThat(view.lines(found, found.value()))
        .first()
        .asString()
        .endsWith("  3 of 4 points found");
    assertThat((List<?>) view.json(found, found.value()).get("points")).hasSize(3);

    gathering.add(points.get(0));
    assertThat(gathering.isEnough(1)).isTrue();
  }

  @Test
  void shouldHandOnAForecastOnceAllItsPointsHaveCome() throws Exception {
    AtomicLong nanos = new AtomicLong();
    PointGroups groups =
        new PointGroups(
            RecordDecoders.of(RecordType.points(), Way.JSON.settings(), Duration.ZERO),
            point -> true,
            new PointGroups.Spacing(STEP.millis(), nanos::get));
    List<ConsumerRecord<byte[], byte[]>> points =
        written(encoder(Way.JSON, Layout.POINTS), FORECAST);

    points.subList(0, 2).forEach(groups::add);
    nanos.addAndGet(PointGroups.QUIET.toNanos() - 1);
    assertThat(groups.settled()).isEmpty();
    points.subList(2, 4).forEach(groups::add);
    nanos.addAndGet(1);
    assertThat(groups.settled()).isEmpty();
    nanos.addAndGet(PointGroups.QUIET.toNanos());
    assertThat(values(groups.settled()).get(0).getPoints()).hasSize(4);
    assertThat(groups.settled()).isEmpty();
  }

  /** Two forecasts, their records in another order where they are points. */
  private static List<Decoded<Forecast>> forecasts(Way way, Layout layout) throws Exception {
    List<ConsumerRecord<byte[], byte[]>> records =
        new ArrayList<>(written(encoder(way, layout), FORECAST, FALLBACK));
    if (layout == Layout.POINTS) {
      assertThat(records).hasSize(6);
      // The order of the targets is that of the first ones that are found.
      Collections.shuffle(records.subList(2, 6), new Random(7));
    }
    Gathering<Forecast> gathering = gathering(way, layout);
    records.forEach(gathering::add);
    assertThat(gathering.isEnough(2)).isTrue();
    assertThat(gathering.isEnough(3)).isFalse();
    return gathering.newest(9);
  }

  private static ForecastRecords encoder(Way way, Layout layout) {
    return new ForecastRecords(sink(way, layout), STEP, LEVELS);
  }

  private static Gathering<Forecast> gathering(Way way, Layout layout) {
    return Formats.forecasts(sink(way, layout), STEP, any -> true).apply(9);
  }

  private static SinkSettings.Kafka sink(Way way, Layout layout) {
    return new SinkSettings.Kafka(
        layout == Layout.POINTS ? "points" : "forecasts",
        layout == Layout.POINTS ? "points-shadow" : "forecasts-shadow",
        Delivery.EXACTLY_ONCE,
        "t",
        Duration.ofMinutes(1),
        LossPolicy.REPORT,
        layout,
        RecordKey.SERIES,
        Tuning.THROUGHPUT,
        way.settings());
  }

  private static <T> List<T> values(List<Decoded<T>> all) {
    assertThat(all).allSatisfy(one -> assertThat(one.problem()).isNull());
    return all.stream().map(Decoded::value).toList();
  }

  @SafeVarargs
  private static <T> List<ConsumerRecord<byte[], byte[]>> written(
      RecordEncoder<T> encoder, T... elements) throws Exception {
    encoder.open(new Context());
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (T element : elements) {
      encoder.encode(element, one -> records.add(record(records.size(), one.value())));
    }
    return records;
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, byte[] value) {
    return new ConsumerRecord<>("topic", 0, offset, null, value);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What a sink tells its encoder. */
  private record Context() implements InitializationContext {

    @Override
    public MetricGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      throw new UnsupportedOperationException();
    }
  }
}
