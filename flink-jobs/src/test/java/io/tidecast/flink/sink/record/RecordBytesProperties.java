package io.tidecast.flink.sink.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.ErrorCode;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastPoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The bytes of the encoder are those of Avro's own writer, whatever a record holds. */
class RecordBytesProperties {

  private static final int FORECASTS = 5_000;

  private final Random random = new Random(9);
  private final AvroCodec<Forecast> codec = AvroCodec.forecasts();

  @Test
  void shouldWriteTheBytesOfTheGeneratedRecord() throws Exception {
    long stepMillis = 1_800_000;
    Written<KeyedForecast> written =
        Written.values(
            RecordKind.FORECAST,
            RecordSettings.TIDECAST,
            new ForecastShape(stepMillis),
            new KeyedForecast(forecast(), new byte[0]),
            new byte[0]);
    for (int i = 0; i < FORECASTS; i++) {
      IssuedForecast forecast = forecast();
      Forecast expected = generated(forecast, stepMillis);

      byte[] bytes =
          written.bytes(
              new KeyedForecast(forecast, forecast.series().getBytes(StandardCharsets.UTF_8)));

      assertThat(bytes).as("forecast %d", i).isEqualTo(codec.encode(expected));
      assertThat(codec.decode(bytes)).isEqualTo(expected);
    }
  }

  @Test
  void shouldWriteTheBytesOfTheGeneratedPoint() throws Exception {
    AvroCodec<ForecastPoint> points = AvroCodec.forecastPoints();
    Written<Point> written =
        Written.values(
            RecordKind.POINT,
            RecordSettings.TIDECAST,
            PointShape.lists(),
            new Point(forecast(), new byte[0], 0, 0, 0),
            new byte[0]);
    for (int i = 0; i < FORECASTS; i++) {
      IssuedForecast forecast = forecast();
      Point point =
          new Point(
              forecast,
              forecast.series().getBytes(StandardCharsets.UTF_8),
              random.nextInt(forecast.horizon()),
              random.nextInt(forecast.issuer().channels()),
              random.nextLong(-1L << 45, 1L << 45));
      ForecastPoint expected = generated(point);

      byte[] bytes = written.bytes(point);

      assertThat(bytes).as("point %d", i).isEqualTo(points.encode(expected));
      assertThat(points.decode(bytes)).isEqualTo(expected);
    }
  }

  @Test
  void shouldWriteTheBytesOfTheGeneratedDeadLetter() throws Exception {
    AvroCodec<DeadLetter> letters = AvroCodec.deadLetters();
    int maxValueBytes = 700;
    Written<Rejection> written =
        Written.values(
            RecordKind.DEAD_LETTER,
            RecordSettings.TIDECAST,
            new DeadLetterShape(maxValueBytes),
            rejection(),
            new byte[0]);
    for (int i = 0; i < FORECASTS; i++) {
      Rejection rejection = rejection();
      DeadLetter expected = generated(rejection, maxValueBytes);

      byte[] bytes = written.bytes(rejection);

      assertThat(bytes).as("dead letter %d", i).isEqualTo(letters.encode(expected));
      assertThat(letters.decode(bytes)).isEqualTo(expected);
    }
  }

  private Rejection rejection() {
    RecordOrigin source =
        random.nextInt(5) == 0
            ? null
            : new RecordOrigin(
                text(1 + random.nextInt(30)),
                random.nextInt(100),
                random.nextLong(1L << 40),
                random.nextInt(3) == 0 ? -1 : random.nextLong(1L << 45),
                random.nextInt(2_000),
                random.nextInt(100_000),
                bytesOrNull(),
                bytesOrNull());
    return new Rejection(
        ErrorCode.values()[random.nextInt(ErrorCode.values().length)],
        text(random.nextInt(random.nextInt(50) == 0 ? 2_000 : 80)),
        source,
        // Longer than what there is room for at first.
        random.nextBoolean() ? null : text(1 + random.nextInt(random.nextInt(9) == 0 ? 9_000 : 40)),
        random.nextBoolean() ? null : (Long) random.nextLong(-1L << 45, 1L << 45),
        random.nextLong(1L << 45));
  }

  private byte @Nullable [] bytesOrNull() {
    if (random.nextInt(4) == 0) {
      return null;
    }
    byte[] bytes = new byte[random.nextInt(2_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static DeadLetter generated(Rejection rejection, int maxValueBytes) {
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setReason(rejection.code().code())
            .setDetail(rejection.detail())
            .setSeries(rejection.series())
            .setTime(
                rejection.timeMillis() == null
                    ? null
                    : Instant.ofEpochMilli(rejection.timeMillis()))
            .setRejectedAt(Instant.ofEpochMilli(rejection.rejectedAtMillis()));
    RecordOrigin source = rejection.source();
    if (source == null) {
      return letter.setKeyLength(0).setValueLength(0).build();
    }
    return letter
        .setTopic(source.topic())
        .setPartition(source.partition())
        .setOffset(source.offset())
        .setTimestamp(
            source.timestampMillis() < 0 ? null : Instant.ofEpochMilli(source.timestampMillis()))
        .setKey(first(source.key(), Rejection.MAX_KEY_BYTES))
        .setKeyLength(source.keyLength())
        .setValue(first(source.value(), maxValueBytes))
        .setValueLength(source.valueLength())
        .build();
  }

  private static @Nullable ByteBuffer first(byte @Nullable [] bytes, int max) {
    return bytes == null ? null : ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, max)).slice();
  }

  private static ForecastPoint generated(Point point) {
    IssuedForecast forecast = point.forecast();
    Issuer issuer = forecast.issuer();
    int levels = forecast.quantiles().length == 0 ? 0 : issuer.levels().length;
    int first = (point.step() * issuer.channels() + point.target()) * levels;
    return ForecastPoint.newBuilder()
        .setSeries(forecast.series())
        .setTarget(
            issuer.targets().length == 0 ? "" + point.target() : issuer.targets()[point.target()])
        .setOrigin(Instant.ofEpochMilli(forecast.originMillis()))
        .setTime(Instant.ofEpochMilli(point.timeMillis()))
        .setLead(point.step() + 1)
        .setValue(
            told(
                forecast,
                point.target(),
                forecast.points()[point.step() * issuer.channels() + point.target()]))
        .setQuantileLevels(Arrays.stream(issuer.levels()).boxed().toList())
        .setQuantiles(
            IntStream.range(first, first + levels)
                .mapToObj(i -> told(forecast, point.target(), forecast.quantiles()[i]))
                .toList())
        .setModelId(issuer.modelId())
        .setModelVersion(issuer.modelVersion())
        .setIssuedAt(Instant.ofEpochMilli(forecast.issuedAtMillis()))
        .setFilledCells(forecast.filledCells())
        .setFallback(forecast.fallback())
        .setRevision(forecast.revision())
        .setRole(forecast.role().text())
        .setWeight(Double.isNaN(forecast.weight()) ? null : (Double) forecast.weight())
        .build();
  }

  private IssuedForecast forecast() {
    int targets = 1 + random.nextInt(4);
    int levels = random.nextInt(4);
    int steps = 1 + random.nextInt(random.nextInt(20) == 0 ? 700 : 8);
    String[] names = new String[random.nextBoolean() ? targets : 0];
    Arrays.setAll(names, i -> text(1 + random.nextInt(12)));
    Issuer issuer =
        new Issuer(
            text(1 + random.nextInt(9)),
            text(1 + random.nextInt(3)),
            targets,
            names,
            random.doubles(levels).sorted().toArray());
    boolean silent = random.nextInt(8) == 0;
    return new IssuedForecast(
        text(1 + random.nextInt(40)),
        random.nextLong(-1L << 45, 1L << 45),
        random.nextLong(1L << 45),
        issuer,
        bases(targets),
        floats(steps * targets),
        // Levels of which there are no values are not written as if there were.
        floats(silent ? 0 : steps * targets * levels),
        random.nextInt(1_000),
        random.nextBoolean(),
        random.nextInt(3),
        1 + random.nextInt(steps),
        null,
        ForecastRole.values()[random.nextInt(3)],
        random.nextBoolean() ? Double.NaN : random.nextDouble());
  }

  private static Forecast generated(IssuedForecast forecast, long stepMillis) {
    Issuer issuer = forecast.issuer();
    int points = forecast.horizon() * issuer.channels();
    int quantiles = forecast.quantiles().length == 0 ? 0 : points * issuer.levels().length;
    return Forecast.newBuilder()
        .setSeries(forecast.series())
        .setOrigin(Instant.ofEpochMilli(forecast.originMillis()))
        .setIssuedAt(Instant.ofEpochMilli(forecast.issuedAtMillis()))
        .setStepMillis(stepMillis)
        .setHorizon(forecast.horizon())
        .setModelId(issuer.modelId())
        .setModelVersion(issuer.modelVersion())
        .setChannels(issuer.channels())
        .setTargets(List.of(issuer.targets()))
        .setPoints(told(forecast, forecast.points(), points, 1))
        .setQuantileLevels(Arrays.stream(issuer.levels()).boxed().toList())
        .setQuantiles(told(forecast, forecast.quantiles(), quantiles, issuer.levels().length))
        .setFilledCells(forecast.filledCells())
        .setFallback(forecast.fallback())
        .setRevision(forecast.revision())
        .setRole(forecast.role().text())
        .setWeight(Double.isNaN(forecast.weight()) ? null : (Double) forecast.weight())
        .build();
  }

  /** None, or one for each target of which some are 0. */
  private double[] bases(int targets) {
    return random.nextBoolean()
        ? new double[0]
        : random
            .doubles(targets, -1e9, 1e9)
            .map(base -> random.nextInt(3) == 0 ? 0 : base)
            .toArray();
  }

  private static List<Double> told(
      IssuedForecast forecast, float[] lessBases, int count, int levels) {
    List<Double> told = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      told.add(told(forecast, i / levels % forecast.issuer().channels(), lessBases[i]));
    }
    return told;
  }

  private static double told(IssuedForecast forecast, int target, float lessBase) {
    boolean from0 = forecast.bases().length == 0 || forecast.bases()[target] == 0;
    return from0 ? lessBase : lessBase + forecast.bases()[target];
  }

  /** Of any size, from the least to the greatest. */
  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      do {
        values[i] = Float.intBitsToFloat(random.nextInt());
      } while (!Float.isFinite(values[i]));
    }
    return values;
  }

  /** Of one to four bytes a character; a third of them of one. */
  private String text(int length) {
    if (random.nextInt(3) == 0) {
      return "series-0123456789/".repeat(length / 18 + 1).substring(0, length);
    }
    int[] letters = {'a', 'Z', '/', '-', 'é', 'ß', '潮', '€', 0x1F30A};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }
}
