package io.tidecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Random;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroCodecTest {

  private final AvroCodec<Observation> codec = AvroCodec.observations();

  @Test
  void shouldReadWhatItWrote() throws CodecException {
    assertThat(codec.decode(codec.encode(Examples.observation())))
        .isEqualTo(Examples.observation());
    AvroCodec<Forecast> forecasts = AvroCodec.forecasts();
    assertThat(forecasts.decode(forecasts.encode(Examples.forecast())))
        .isEqualTo(Examples.forecast());
    AvroCodec<DeadLetter> letters = AvroCodec.deadLetters();
    assertThat(letters.decode(letters.encode(Examples.deadLetter())))
        .isEqualTo(Examples.deadLetter());
  }

  @Test
  void shouldRefuseEmptyAndNull() {
    assertMalformed(null);
    assertMalformed(new byte[0]);
  }

  @Test
  void shouldRefuseEveryTruncation() {
    byte[] whole = codec.encode(Examples.observation());
    for (int length = 0; length < whole.length; length++) {
      assertMalformed(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void shouldRefuseBytesAfterTheRecord() {
    byte[] whole = codec.encode(Examples.observation());
    assertMalformed(Arrays.copyOf(whole, whole.length + 1));
    assertMalformed(Arrays.copyOf(whole, 5_000_000));
  }

  @Test
  void shouldNameTheUnknownFingerprint() {
    byte[] bytes = codec.encode(Examples.observation());
    Arrays.fill(bytes, 2, 10, (byte) 0x5A);

    CodecException e = catchThrowableOfType(CodecException.class, () -> codec.decode(bytes));

    assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SCHEMA);
    assertThat(e).hasMessageContaining("fingerprint=5a5a5a5a5a5a5a5a");
  }

  @Test
  void shouldRefuseAnotherKindOfRecord() {
    byte[] forecast = AvroCodec.forecasts().encode(Examples.forecast());

    assertThatThrownBy(() -> codec.decode(forecast))
        .isInstanceOfSatisfying(
            CodecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SCHEMA));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {Integer.MAX_VALUE - 10L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, -(1L << 40)})
  void shouldRefuseClaimedLengthsWithoutAllocatingThem(long claimed) {
    assertMalformed(claiming(claimed, true));
    assertMalformed(claiming(claimed, false));
  }

  /** As those of doubles, which are read in a way of our own. */
  @ParameterizedTest
  @ValueSource(longs = {Integer.MAX_VALUE - 10L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40})
  void shouldRefuseClaimedPointsWithoutAllocatingThem(long claimed) {
    AvroRecordBytes out = AvroRecordBytes.singleObjects(Forecast.getClassSchema());
    out.begin();
    out.text("a");
    for (int i = 0; i < 3; i++) {
      out.whole(7);
    }
    out.whole(1);
    out.text("m");
    out.text("1");
    out.whole(1);
    out.texts(new String[0]);
    out.whole(claimed);
    out.number(1);
    byte[] bytes = out.end();

    assertThatThrownBy(() -> AvroCodec.forecasts().decode(bytes))
        .isInstanceOfSatisfying(
            CodecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
  }

  @Test
  void shouldAnswerRandomBytesWithNothingButItsOwnException() {
    Random random = new Random(42);
    byte[] whole = codec.encode(Examples.observation());
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[10 + random.nextInt(60)];
      random.nextBytes(bytes);
      System.arraycopy(whole, 0, bytes, 0, 10);
      try {
        codec.decode(bytes);
      } catch (CodecException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED);
      }
    }
  }

  @Test
  void shouldRefuseAWriterThatCannotBeResolved() {
    Schema stranger =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Observation", "namespace": "io.tidecast.schemas",
                 "fields": [{"name": "series", "type": "string"}]}
                """);

    assertThatThrownBy(() -> codec.alsoReading(stranger))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("time");
  }

  @Test
  void shouldKeepItsCodes() {
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code))
        .startsWith(
            "malformed",
            "unknown-schema",
            "invalid-series",
            "non-finite-value",
            "time-out-of-range",
            "wrong-channel-count",
            "late",
            "inference-failed",
            "missing-field",
            "invalid-field",
            "unknown-channel",
            "cell-full",
            "too-many-series",
            "unknown-series",
            "horizon-out-of-range",
            "too-little-context",
            "too-many-missing",
            "incompatible-schema",
            "not-storable");
  }

  private void assertMalformed(byte[] bytes) {
    assertThatThrownBy(() -> codec.decode(bytes))
        .isInstanceOfSatisfying(
            CodecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
  }

  /** An observation that claims a string or an array of so many items, and then ends. */
  private byte[] claiming(long claimed, boolean string) {
    byte[] header = Arrays.copyOf(codec.encode(Examples.observation()), 10);
    byte[] bytes = Arrays.copyOf(header, 40);
    int at = 10;
    if (!string) {
      bytes[at++] = 2;
      bytes[at++] = 'a';
      bytes[at++] = 0;
    }
    long zigzag = (claimed << 1) ^ (claimed >> 63);
    while ((zigzag & ~0x7FL) != 0) {
      bytes[at++] = (byte) (zigzag & 0x7F | 0x80);
      zigzag >>>= 7;
    }
    bytes[at++] = (byte) zigzag;
    return Arrays.copyOf(bytes, at + 3);
  }
}
