package io.tidecast.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;

/** The records whose bytes are kept under the test resources, and a way to read those. */
final class Examples {

  private Examples() {}

  static Observation observation() {
    return Observation.newBuilder()
        .setSeries("uk-demand")
        .setTime(Instant.parse("2000-07-30T23:30:00.125Z"))
        .setValues(Arrays.asList(31_415.5, null, -0.25))
        .build();
  }

  static Forecast forecast() {
    return Forecast.newBuilder()
        .setSeries("uk-demand")
        .setOrigin(Instant.parse("2000-07-30T23:30:00Z"))
        .setIssuedAt(Instant.parse("2026-11-20T12:00:00.001Z"))
        .setStepMillis(1_800_000)
        .setHorizon(2)
        .setModelId("patchtst-uk-demand")
        .setModelVersion("1")
        .setChannels(1)
        .setPoints(List.of(30_000.5, 29_000.25))
        .setQuantileLevels(List.of(0.1, 0.9))
        .setQuantiles(List.of(28_000.0, 32_000.0, 27_000.0, 31_000.0))
        .setFilledCells(3)
        .setFallback(true)
        .build();
  }

  /** Of two targets with three levels each, of values that no float holds. */
  static Forecast jointForecast() {
    return Forecast.newBuilder(forecast())
        .setHorizon(1)
        .setChannels(2)
        .setTargets(List.of("level_m", "flow_m3s"))
        .setPoints(List.of(1.1, 300.3))
        .setQuantileLevels(List.of(0.1, 0.5, 0.9))
        .setQuantiles(List.of(0.9, 1.1, 1.3, 290.1, 300.3, 310.5))
        .setFallback(false)
        .setRevision(2)
        .build();
  }

  static DeadLetter deadLetter() {
    return DeadLetter.newBuilder()
        .setReason(ErrorCode.NON_FINITE_VALUE.code())
        .setDetail("value must be finite: values[1]=NaN")
        .setTopic("observations")
        .setPartition(3)
        .setOffset(4_000_000_000L)
        .setTimestamp(Instant.parse("2026-11-20T11:59:59.999Z"))
        .setSeries("uk-demand")
        .setTime(Instant.parse("2000-07-30T23:30:00Z"))
        .setKey(ByteBuffer.wrap("uk-demand".getBytes(StandardCharsets.UTF_8)))
        .setKeyLength(9)
        .setValue(ByteBuffer.wrap(new byte[] {0, -1, 127}))
        .setValueLength(5_000_000)
        .setRejectedAt(Instant.parse("2026-11-20T12:00:00Z"))
        .build();
  }

  /** The stored bytes of one record. */
  static byte[] stored(String name) {
    try (InputStream in = Examples.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stored schema that wrote them. */
  static Schema storedSchema(String name) {
    return new Schema.Parser().parse(new String(stored(name), StandardCharsets.UTF_8));
  }

  static ForecastPoint forecastPoint() {
    return ForecastPoint.newBuilder()
        .setSeries("Zähler \"4\"")
        .setTarget("load")
        .setOrigin(Instant.parse("2026-03-27T23:00:00Z"))
        .setTime(Instant.parse("2026-03-28T23:00:00Z"))
        .setLead(1)
        .setValue(1000000000.5)
        .setQuantileLevels(List.of(0.025, 0.5))
        .setQuantiles(List.of(1e9, 1000000000.5))
        .setModelId("m")
        .setModelVersion("7")
        .setIssuedAt(Instant.parse("2026-03-28T23:00:00.250Z"))
        .setFilledCells(3)
        .setFallback(false)
        .setRevision(2)
        .build();
  }
}
