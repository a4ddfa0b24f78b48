package io.tidecast.flink.sink.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Forecast;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes of the encoder are those of Avro's own writer, whatever a forecast holds. */
class ForecastBytesProperties {

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
        floats(steps * targets),
        // Levels of which there are no values are not written as if there were.
        floats(silent ? 0 : steps * targets * levels),
        random.nextInt(1_000),
        random.nextBoolean(),
        random.nextInt(3),
        1 + random.nextInt(steps));
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
        .setPoints(widened(forecast.points(), points))
        .setQuantileLevels(Arrays.stream(issuer.levels()).boxed().toList())
        .setQuantiles(widened(forecast.quantiles(), quantiles))
        .setFilledCells(forecast.filledCells())
        .setFallback(forecast.fallback())
        .setRevision(forecast.revision())
        .build();
  }

  private static List<Double> widened(float[] values, int count) {
    List<Double> widened = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      widened.add((double) values[i]);
    }
    return widened;
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

  /** Of one to four bytes a character. */
  private String text(int length) {
    int[] letters = {'a', 'Z', '/', '-', 'é', 'ß', '潮', '€', 0x1F30A};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }
}
