package io.tidecast.flink.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.PassedOver;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.ErrorCode;
import io.tidecast.schemas.Observation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** The reader finds in bytes what Avro's own decoder finds in them, and refuses what that does. */
class TidecastReaderProperties {

  private static final int CHANNELS = 3;

  private final Random random = new Random(21);
  private final AvroCodec<Observation> codec = AvroCodec.observations();
  private final TidecastReader reader = new TidecastReader(CHANNELS);

  @Test
  void shouldReadWhatAvroWrites() {
    int good = 0;
    for (int i = 0; i < 5_000; i++) {
      good += assertAgreed(bytes(observation())) ? 1 : 0;
    }
    assertThat(good).isBetween(1_500, 4_500);
  }

  @Test
  void shouldReadArraysOfSeveralBlocks() throws IOException {
    byte[] header = Arrays.copyOf(codec.encode(observation()), 10);
    Double[] values = {1.5, null, -3.0};
    for (int bits = 0; bits < 4; bits++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(header);
      BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
      out.writeString("a");
      out.writeLong(7);
      for (int block = 0; block < values.length; ) {
        int items = (bits >> block & 1) + 1;
        int last = Math.min(values.length, block + items);
        // With its size in bytes, as writers of blocks have it, or without.
        boolean sized = bits % 2 == 0;
        out.writeLong(sized ? block - last : last - block);
        if (sized) {
          out.writeLong(
              Arrays.stream(values, block, last).mapToInt(one -> one == null ? 1 : 9).sum());
        }
        for (; block < last; block++) {
          out.writeIndex(values[block] == null ? 0 : 1);
          if (values[block] != null) {
            out.writeDouble(values[block]);
          }
        }
      }
      out.writeInt(0);
      out.flush();

      assertThat(assertAgreed(bytes.toByteArray())).isTrue();
    }
  }

  @Test
  void shouldRefuseWhatAvroRefuses() {
    int refused = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] bytes = bytes(observation());
      switch (random.nextInt(4)) {
        case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(3));
        case 2 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        default -> {
          int from = 10 + random.nextInt(bytes.length - 10);
          for (int at = from; at < bytes.length; at++) {
            bytes[at] = (byte) random.nextInt();
          }
        }
      }
      refused += assertAgreed(bytes) ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(30_000);
  }

  /** Says whether both take it. */
  private boolean assertAgreed(byte[] bytes) {
    Observation expected = null;
    ErrorCode code = null;
    try {
      expected = codec.decode(bytes);
      code = fault(expected);
    } catch (CodecException e) {
      code = e.code();
    }
    Taken taken = new Taken();
    try {
      reader.read(new SourceRecord("o", 1, 2, 3, null, bytes), new RecordHeaders(), taken);
    } catch (RefusedException e) {
      assertThat(e.code).as(Arrays.toString(bytes)).isEqualTo(code);
      assertThat(e.series()).isEqualTo(expected == null ? null : expected.getSeries());
      return false;
    }
    assertThat(code).as(Arrays.toString(bytes)).isNull();
    Measurement found = taken.found.get(0);
    assertThat(taken.found).hasSize(1);
    assertThat(found.series()).isEqualTo(expected.getSeries());
    assertThat(found.timeMillis()).isEqualTo(expected.getTime().toEpochMilli());
    assertThat(found.values())
        .containsExactly(
            expected.getValues().stream()
                .mapToDouble(value -> value == null ? Double.NaN : value)
                .toArray());
    assertThat(found.source().offset()).isEqualTo(2);
    return true;
  }

  private static ErrorCode fault(Observation observation) {
    if (observation.getValues().size() != CHANNELS) {
      return ErrorCode.WRONG_CHANNEL_COUNT;
    }
    boolean possible =
        observation.getValues().stream()
            .allMatch(value -> value == null || Measurement.isValue(value));
    return possible ? null : ErrorCode.NON_FINITE_VALUE;
  }

  private byte[] bytes(Observation observation) {
    return codec.encode(observation);
  }

  private Observation observation() {
    int size = random.nextInt(4) == 0 ? random.nextInt(6) : CHANNELS;
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(
          switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> Double.longBitsToDouble(random.nextLong());
            default -> random.nextGaussian() * 1e4;
          });
    }
    String[] series = {"meter-17", "", "é潮\uD83C\uDF0A", "x".repeat(300)};
    return Observation.newBuilder()
        .setSeries(series[random.nextInt(series.length)])
        .setTime(Instant.ofEpochMilli(random.nextLong(-1L << 50, 1L << 50)))
        .setValues(values)
        .build();
  }

  private static final class Taken implements Readings {

    private final List<Measurement> found = new ArrayList<>();

    @Override
    public void found(Measurement measurement) {
      found.add(measurement);
    }

    @Override
    public void refused(RefusedException why) {
      throw new AssertionError(why);
    }

    @Override
    public void passedOver(PassedOver.Reason reason, int count) {
      throw new AssertionError("passed over: " + reason);
    }
  }
}
