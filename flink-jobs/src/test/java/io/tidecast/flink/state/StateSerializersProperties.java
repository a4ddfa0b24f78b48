package io.tidecast.flink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.WaitingTask;
import io.tidecast.flink.testing.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Elements of state, drawn at random, through their serializers. */
class StateSerializersProperties {

  private static final int ELEMENTS = 300;
  private static final int BROKEN_ELEMENTS = 40;
  private static final int MOST_VALUES = 5_000;

  /** Something that is kept, and how to draw one. */
  private record Kept<T>(TypeSerializer<T> serializer, Draw<T> draw) {

    @Override
    public String toString() {
      return serializer.getClass().getSimpleName();
    }
  }

  private interface Draw<T> {
    T next(Random random, int mostValues);
  }

  static Stream<Kept<?>> kept() {
    return Stream.of(
        new Kept<>(
            StateTypes.FORECAST_TASK.createSerializer(new SerializerConfigImpl()),
            StateSerializersProperties::task),
        new Kept<>(
            StateTypes.WAITING_TASK.createSerializer(new SerializerConfigImpl()),
            StateSerializersProperties::waiting),
        new Kept<>(
            StateTypes.MEASUREMENT.createSerializer(new SerializerConfigImpl()),
            StateSerializersProperties::measurement));
  }

  @ParameterizedTest
  @MethodSource("kept")
  <T> void shouldComeBackAsTheyWere(Kept<T> kept) throws Exception {
    Random random = new Random(1);
    DataOutputSerializer out = new DataOutputSerializer(64);
    Object[] written = new Object[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
      T element = kept.draw().next(random, MOST_VALUES);
      kept.serializer().serialize(element, out);
      written[i] = element;
    }
    byte[] bytes = out.getCopyOfBuffer();
    DataInputDeserializer whole = new DataInputDeserializer(bytes);
    DataInputView inPieces = new DataInputViewStreamWrapper(new Pieces(bytes, random));
    DataInputDeserializer toCopy = new DataInputDeserializer(bytes);
    DataOutputSerializer copied = new DataOutputSerializer(64);
    for (Object element : written) {
      assertSame(kept.serializer().deserialize(whole), element);
      assertSame(kept.serializer().deserialize(inPieces), element);
      kept.serializer().copy(toCopy, copied);
    }
    assertThat(whole.available()).isZero();
    assertThat(copied.getCopyOfBuffer()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @MethodSource("kept")
  <T> void shouldBeSharedAndNotCopied(Kept<T> kept) throws Exception {
    T element = kept.draw().next(new Random(2), 10);
    TypeSerializer<T> serializer = kept.serializer();
    assertThat(serializer.isImmutableType()).isTrue();
    assertThat(serializer.copy(element)).isSameAs(element);
    assertThat(serializer.copy(element, serializer.createInstance())).isSameAs(element);
    TypeSerializer<T> shipped = InstantiationUtil.clone(serializer);
    assertThat(shipped).isEqualTo(serializer).hasSameHashCodeAs(serializer);
    assertThat(shipped.duplicate()).isEqualTo(serializer);
    assertThat(serializer.getLength()).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("kept")
  <T> void shouldRefuseBytesThatEndEarly(Kept<T> kept) throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < BROKEN_ELEMENTS; i++) {
      byte[] bytes = bytes(kept.serializer(), kept.draw().next(random, 12));
      for (int length = 0; length < bytes.length; length++) {
        byte[] part = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> read(kept.serializer(), part))
            .isInstanceOf(IOException.class)
            .hasMessageMatching(
                ".* must be whole, its bytes end early|.* claimed \\d+ \\w+, but only had \\d+");
      }
    }
  }

  /** Either it is another element of the same form, or it is refused with a sentence. */
  @ParameterizedTest
  @MethodSource("kept")
  <T> void shouldNeverFailOtherwiseWhateverTheBytes(Kept<T> kept) throws Exception {
    Random random = new Random(4);
    int refused = 0;
    for (int i = 0; i < 50 * BROKEN_ELEMENTS; i++) {
      byte[] bytes = bytes(kept.serializer(), kept.draw().next(random, 12));
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        T read = read(kept.serializer(), bytes);
        assertSame(read(kept.serializer(), bytes(kept.serializer(), read)), read);
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(?s).+ (must|claimed) .+");
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static <T> byte[] bytes(TypeSerializer<T> serializer, T element) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(element, out);
    return out.getCopyOfBuffer();
  }

  private static <T> T read(TypeSerializer<T> serializer, byte[] bytes) throws IOException {
    return serializer.deserialize(new DataInputDeserializer(bytes));
  }

  /** To the last bit of every value. */
  private static void assertSame(Object read, Object written) {
    assertThat(text(read)).isEqualTo(text(written));
  }

  private static String text(Object element) {
    if (element instanceof WaitingTask waiting) {
      return waiting.deadlineMillis() + " " + text(waiting.request());
    }
    if (element instanceof Measurement measurement) {
      RecordOrigin source = measurement.source();
      return "%s %s %d %s %s %d %d %d %d %d %s %s %s %s"
          .formatted(
              text(measurement.series()),
              text(measurement.group()),
              measurement.timeMillis(),
              Arrays.toString(measurement.values()),
              text(source.topic()),
              source.partition(),
              source.offset(),
              source.timestampMillis(),
              source.keyLength(),
              source.valueLength(),
              Arrays.toString(source.key()),
              Arrays.toString(source.value()),
              Arrays.toString(source.headers()),
              Arrays.toString(source.passed()));
    }
    ForecastTask task = (ForecastTask) element;
    return "%s %d %s %d %d %s %s %s %s %s %s"
        .formatted(
            text(task.series()),
            task.originMillis(),
            bits(task.context()),
            task.filledCells(),
            task.revision(),
            task.baseline(),
            task.horizon(),
            text(task.group()),
            bits(task.futureCovariates()),
            Arrays.toString(task.bases()),
            Arrays.toString(task.passed()));
  }

  private static String text(String text) {
    return text == null ? "none" : Arrays.toString(text.toCharArray());
  }

  private static String bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return Arrays.toString(bits);
  }

  private static WaitingTask waiting(Random random, int mostValues) {
    return new WaitingTask(task(random, mostValues), random.nextLong());
  }

  private static ForecastTask task(Random random, int mostValues) {
    return new ForecastTask(
        text(random),
        random.nextLong(),
        values(random, mostValues),
        random.nextInt() & Integer.MAX_VALUE,
        random.nextInt() & Integer.MAX_VALUE,
        random.nextBoolean(),
        random.nextBoolean() ? null : 1 + random.nextInt(Integer.MAX_VALUE),
        random.nextBoolean() ? null : text(random),
        random.nextBoolean() ? new float[0] : values(random, mostValues),
        random.nextBoolean() ? new double[0] : doubles(random, 4),
        random.nextBoolean() ? null : bytes(random));
  }

  private static Measurement measurement(Random random, int mostValues) {
    RecordOrigin source =
        new RecordOrigin(
            text(random),
            random.nextInt() & Integer.MAX_VALUE,
            random.nextLong() >>> random.nextInt(64),
            random.nextBoolean() ? -1 : random.nextLong(),
            random.nextInt() & Integer.MAX_VALUE,
            random.nextInt(5_000),
            random.nextBoolean() ? null : bytes(random),
            random.nextBoolean() ? null : bytes(random),
            random.nextBoolean() ? null : bytes(random),
            random.nextBoolean() ? null : bytes(random));
    return new Measurement(
        source,
        text(random),
        random.nextBoolean() ? null : text(random),
        random.nextLong(),
        doubles(random, random.nextBoolean() ? 1 : mostValues));
  }

  /** Some of them what a float says exactly, and some not. */
  private static double[] doubles(Random random, int most) {
    double[] values = Samples.doubles(values(random, most));
    if (values.length > 0 && random.nextBoolean()) {
      values[random.nextInt(values.length)] = random.nextGaussian() * 1e9;
    }
    return values;
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Any of the kinds of NaN, too. */
  private static float[] values(Random random, int most) {
    float[] values = new float[random.nextInt(most + 1)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (random.nextInt(4)) {
            case 0 -> Float.NaN;
            case 1 -> Float.intBitsToFloat(0x7fc00000 | random.nextInt(0x400000));
            case 2 -> Float.intBitsToFloat(random.nextInt());
            default -> (float) random.nextGaussian();
          };
    }
    return values;
  }

  /** Also such as are no Unicode: half of a pair of surrogates. */
  private static String text(Random random) {
    int limit = random.nextBoolean() ? 0x80 : random.nextBoolean() ? 0x100 : 0x10000;
    char[] chars = new char[random.nextInt(random.nextInt(50) == 0 ? 70_000 : 20)];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) random.nextInt(limit);
    }
    return new String(chars);
  }

  /** Gives what it is asked for in smaller pieces, as files and networks do. */
  private static final class Pieces extends InputStream {

    private final ByteArrayInputStream bytes;
    private final Random random;

    Pieces(byte[] bytes, Random random) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.random = random;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] into, int at, int length) {
      return bytes.read(into, at, length < 2 ? length : 1 + random.nextInt(length));
    }
  }
}
