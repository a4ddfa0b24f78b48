package io.tidecast.benchmarks.encode;

import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Records as the job for the demand of the United Kingdom has them: 96 points, no quantiles. */
final class Samples {

  static final int COUNT = 256;
  static final long STEP_MILLIS = 1_800_000;

  private static final int POINTS = 96;
  private static final long FIRST_MILLIS = 1_700_000_000_000L;

  private Samples() {}

  private static String series(int i) {
    return "meter-%05d".formatted(i);
  }

  private static long time(int i) {
    return FIRST_MILLIS + i * STEP_MILLIS;
  }

  static List<IssuedForecast> forecasts() {
    Random random = new Random(1);
    Issuer issuer =
        new Issuer("patchtst-uk-demand", "1", 1, new String[] {"demand"}, new double[0]);
    List<IssuedForecast> forecasts = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      float[] points = new float[POINTS];
      for (int at = 0; at < POINTS; at++) {
        points[at] = 30_000 + 10_000 * random.nextFloat();
      }
      forecasts.add(
          new IssuedForecast(
              series(i),
              time(i),
              time(i) + 417,
              issuer,
              points,
              new float[0],
              0,
              false,
              0,
              POINTS));
    }
    return forecasts;
  }

  /** The record that Avro generates, with a box around every number. */
  static Forecast generated(IssuedForecast forecast) {
    Issuer issuer = forecast.issuer();
    List<Double> points = new ArrayList<>(POINTS);
    for (int i = 0; i < forecast.horizon(); i++) {
      points.add(forecast.point(i, 0));
    }
    return Forecast.newBuilder()
        .setSeries(forecast.series())
        .setOrigin(Instant.ofEpochMilli(forecast.originMillis()))
        .setIssuedAt(Instant.ofEpochMilli(forecast.issuedAtMillis()))
        .setStepMillis(STEP_MILLIS)
        .setHorizon(forecast.horizon())
        .setModelId(issuer.modelId())
        .setModelVersion(issuer.modelVersion())
        .setChannels(issuer.channels())
        .setTargets(List.of(issuer.targets()))
        .setPoints(points)
        .setQuantileLevels(List.of())
        .setQuantiles(List.of())
        .setFilledCells(forecast.filledCells())
        .setFallback(forecast.fallback())
        .setRevision(forecast.revision())
        .setRole(role(forecast))
        .build();
  }

  /** How a record says what a forecast is for. */
  static String role(IssuedForecast forecast) {
    return forecast.role().name().toLowerCase(Locale.ROOT);
  }

  /** Observations as they lie in a topic. */
  static List<byte[]> observations() {
    AvroCodec<Observation> codec = AvroCodec.observations();
    List<byte[]> observations = new ArrayList<>();
    for (Measurement one : measurements()) {
      observations.add(
          codec.encode(
              Observation.newBuilder()
                  .setSeries(one.series())
                  .setTime(Instant.ofEpochMilli(one.timeMillis()))
                  .setValues(Arrays.stream(one.values()).boxed().toList())
                  .build()));
    }
    return observations;
  }

  /** The same as they cross from the parser to the window of their series. */
  static List<Measurement> measurements() {
    Random random = new Random(2);
    List<Measurement> measurements = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      RecordOrigin origin =
          new RecordOrigin("observations", 3, 1_000_000 + i, time(i) + 90, 11, 41, null, null);
      double[] values = {(float) (30_000 + 10_000 * random.nextDouble())};
      measurements.add(new Measurement(origin, series(i), time(i), values));
    }
    return measurements;
  }
}
