package io.tidecast.flink.sink.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingMetrics;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.ErrorCode;
import io.tidecast.schemas.Forecast;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.junit.jupiter.api.Test;

class RecordsTest {

  private static final int MAX_VALUE_BYTES =
      KafkaSettings.DEFAULT_MAX_REQUEST_BYTES - DeadLetterSettings.OVERHEAD_BYTES;

  private final TestingMetrics metrics = new TestingMetrics();

  @Test
  void shouldWriteAForecastUnderItsSeriesWithoutATimestamp() throws Exception {
    ProducerRecord<byte[], byte[]> record =
        forecast(
            new IssuedForecast(
                "série",
                4_000,
                Samples.NOW,
                new Issuer("m", "1", 1, new String[] {"demand"}, new double[] {0.1, 0.9}),
                new float[] {5, 6},
                new float[] {4, 6, 5, 7},
                3,
                false,
                2,
                2));

    assertThat(record.topic()).isEqualTo("out");
    assertThat(record.key()).isEqualTo("série".getBytes(StandardCharsets.UTF_8));
    assertThat(record.timestamp()).isNull();
    assertThat(metrics.count("tidecast.forecasts")).isEqualTo(1);
    assertThat(metrics.count("tidecast.fallbackForecasts")).isZero();
    assertThat(AvroCodec.forecasts().decode(record.value()))
        .isEqualTo(
            Forecast.newBuilder()
                .setSeries("série")
                .setOrigin(Instant.ofEpochMilli(4_000))
                .setIssuedAt(Instant.ofEpochMilli(Samples.NOW))
                .setStepMillis(1_000)
                .setHorizon(2)
                .setModelId("m")
                .setModelVersion("1")
                .setChannels(1)
                .setTargets(List.of("demand"))
                .setPoints(List.of(5.0, 6.0))
                .setQuantileLevels(List.of(0.1, 0.9))
                .setQuantiles(List.of(4.0, 6.0, 5.0, 7.0))
                .setFilledCells(3)
                .setFallback(false)
                .setRevision(2)
                .build());
  }

  @Test
  void shouldCountTheChannelsThatAreForecast() throws Exception {
    ForecasterSpec spec =
        new ForecasterSpec("m", "1", 4, 1, 5, List.of(4, 0), ForecasterInputs.NONE, List.of());
    Issuer issuer = Issuer.of(spec, List.of("a", "b", "c", "d", "e"), "");
    IssuedForecast issued =
        new IssuedForecast("a", 0, 0, issuer, new float[] {5, 6}, new float[0], 0, false, 0, 1);

    Forecast forecast = AvroCodec.forecasts().decode(forecast(issued).value());

    assertThat(forecast.getChannels()).isEqualTo(2);
    assertThat(forecast.getHorizon()).isEqualTo(1);
    assertThat(forecast.getTargets()).containsExactly("e", "a");
    assertThat(forecast.getPoints()).containsExactly(5.0, 6.0);
  }

  @Test
  void shouldCutAForecastToItsHorizon() throws Exception {
    Issuer issuer = Issuer.of(new ForecasterSpec("m", "1", 4, 3, 2, List.of(0.5)), List.of(), "");
    float[] points = {1, 10, 2, 20, 3, 30};
    float[] medians = {4, 40, 5, 50, 6, 60};
    IssuedForecast issued = new IssuedForecast("a", 0, 0, issuer, points, medians, 0, false, 0, 2);

    Forecast forecast = AvroCodec.forecasts().decode(forecast(issued).value());

    assertThat(forecast.getHorizon()).isEqualTo(2);
    assertThat(forecast.getTargets()).isEmpty();
    assertThat(forecast.getPoints()).containsExactly(1.0, 10.0, 2.0, 20.0);
    assertThat(forecast.getQuantiles()).containsExactly(4.0, 40.0, 5.0, 50.0);
  }

  @Test
  void shouldNameNoLevelsForAFallbackWithoutQuantiles() throws Exception {
    ProducerRecord<byte[], byte[]> record =
        forecast(
            new IssuedForecast(
                "a",
                4_000,
                Samples.NOW,
                new Issuer("seasonal-naive", "2", 1, new String[0], new double[0]),
                new float[] {5, 6},
                new float[0],
                0,
                true,
                0,
                2));
    Forecast forecast = AvroCodec.forecasts().decode(record.value());
    assertThat(forecast.getQuantileLevels()).isEmpty();
    assertThat(forecast.getQuantiles()).isEmpty();
    assertThat(forecast.getFallback()).isTrue();
    assertThat(metrics.count("tidecast.fallbackForecasts")).isEqualTo(1);
    assertThat(metrics.count("tidecast.forecasts")).isZero();
  }

  @Test
  void shouldWriteADeadLetterWithItsOrigin() throws Exception {
    SourceRecord source =
        new SourceRecord("observations", 3, 42, 17, null, "bad".getBytes(StandardCharsets.UTF_8));
    ProducerRecord<byte[], byte[]> record =
        deadLetter(Rejection.of(ErrorCode.MALFORMED, "why", source.whole(2), Samples.NOW));

    DeadLetter letter = AvroCodec.deadLetters().decode(record.value());

    assertThat(record.key()).isNull();
    assertThat(letter.getReason()).isEqualTo("malformed");
    assertThat(metrics.count("tidecast.reason=malformed.deadLetters")).isEqualTo(1);
    assertThat(metrics.count("tidecast.reason=late.deadLetters")).isZero();
    assertThat(metrics.gauge("tidecast.reason=malformed.deadLetterExample"))
        .isEqualTo("observations-3@42: why");
    assertThat(letter.getDetail()).isEqualTo("why");
    assertThat(letter.getTopic()).isEqualTo("observations");
    assertThat(letter.getPartition()).isEqualTo(3);
    assertThat(letter.getOffset()).isEqualTo(42);
    assertThat(letter.getTimestamp()).isEqualTo(Instant.ofEpochMilli(17));
    assertThat(letter.getKey()).isNull();
    assertThat(letter.getKeyLength()).isZero();
    assertThat(StandardCharsets.UTF_8.decode(letter.getValue()).toString()).isEqualTo("ba");
    assertThat(letter.getValueLength()).isEqualTo(3);
    assertThat(letter.getRejectedAt()).isEqualTo(Instant.ofEpochMilli(Samples.NOW));
  }

  @Test
  void shouldWriteADeadLetterOfATombstone() throws Exception {
    SourceRecord source = new SourceRecord("observations", 0, 0, -1, new byte[] {7}, null);
    DeadLetter letter =
        AvroCodec.deadLetters()
            .decode(
                deadLetter(Rejection.of(ErrorCode.MALFORMED, "", source.whole(9), Samples.NOW))
                    .value());
    assertThat(letter.getValue()).isNull();
    assertThat(letter.getTimestamp()).isNull();
    assertThat(letter.getKey().get(0)).isEqualTo((byte) 7);
  }

  @Test
  void shouldWriteADeadLetterOfAFailedForecast() throws Exception {
    ForecastTask request = new ForecastTask("a", 4_000, new float[4], 0, 0);
    ProducerRecord<byte[], byte[]> record =
        deadLetter(Rejection.of(ErrorCode.INFERENCE_FAILED, "why", request, Samples.NOW));

    DeadLetter letter = AvroCodec.deadLetters().decode(record.value());

    assertThat(record.key()).containsExactly('a');
    assertThat(letter.getSeries()).isEqualTo("a");
    assertThat(letter.getTime()).isEqualTo(Instant.ofEpochMilli(4_000));
    assertThat(letter.getTopic()).isNull();
    assertThat(letter.getValue()).isNull();
  }

  @Test
  void shouldSayWhereTheBytesOfALateRecordAre() throws Exception {
    SourceRecord source = new SourceRecord("o", 3, 42, Samples.NOW, new byte[5], new byte[70]);
    Measurement late = new Measurement(source.origin(), "a", 7_000, new double[1]);

    ProducerRecord<byte[], byte[]> record =
        deadLetter(Rejection.of(ErrorCode.LATE, "late", late, Samples.NOW));

    assertThat(record.key()).as("the series, for its own key is behind").asString().isEqualTo("a");
    DeadLetter letter = AvroCodec.deadLetters().decode(record.value());
    assertThat(letter.getTopic() + " " + letter.getPartition() + " " + letter.getOffset())
        .isEqualTo("o 3 42");
    assertThat(letter.getKey()).isNull();
    assertThat(letter.getKeyLength()).isEqualTo(5);
    assertThat(letter.getValue()).isNull();
    assertThat(letter.getValueLength()).isEqualTo(70);
  }

  @Test
  void shouldFitTheLargestDeadLetterIntoARequest() throws Exception {
    SourceRecord source =
        new SourceRecord(
            "t".repeat(249),
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            Samples.NOW,
            new byte[5_000_000],
            new byte[5_000_000]);
    Measurement measurement =
        new Measurement(
            source.whole(MAX_VALUE_BYTES), "\u20ac".repeat(255), Samples.NOW, new double[1]);
    Rejection rejection =
        Rejection.of(ErrorCode.TIME_OUT_OF_RANGE, "\u20ac".repeat(9_999), measurement, Samples.NOW);

    ProducerRecord<byte[], byte[]> record = deadLetter(rejection);

    assertThat(
            AbstractRecords.estimateSizeInBytesUpperBound(
                (byte) 2,
                CompressionType.NONE,
                record.key(),
                record.value(),
                record.headers().toArray()))
        .isLessThan(KafkaSettings.DEFAULT_MAX_REQUEST_BYTES);
  }

  private ProducerRecord<byte[], byte[]> forecast(IssuedForecast forecast) throws Exception {
    return record(
        new ForecastRecords(WrittenRecords.sink("out"), Samples.GRID_STEP, new double[0]),
        forecast);
  }

  private ProducerRecord<byte[], byte[]> deadLetter(Rejection rejection) throws Exception {
    return record(
        new DeadLetterRecords(new DeadLetterSettings("out.dlq", MAX_VALUE_BYTES, false)),
        rejection);
  }

  private <T> ProducerRecord<byte[], byte[]> record(RecordEncoder<T> encoder, T element)
      throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = WrittenRecords.of(encoder, metrics, element);
    assertThat(records).hasSize(1);
    return records.get(0);
  }
}
