package io.tidecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class AvroRecordBytesTest {

  private static final Schema SCHEMA =
      SchemaBuilder.record("Tide")
          .fields()
          .requiredString("where")
          .requiredDouble("metres")
          .endRecord();

  private final AvroRecordBytes out = AvroRecordBytes.after(new byte[0]);
  private final Random random = new Random(12);

  /** Writes one thing with Avro's own encoder. */
  private interface Writing {
    void write(BinaryEncoder out) throws IOException;
  }

  @Test
  void shouldWriteEveryWholeNumberAsAvroDoes() throws IOException {
    for (int bits = 0; bits < Long.SIZE; bits++) {
      for (long value :
          new long[] {1L << bits, (1L << bits) - 1, -(1L << bits), random.nextLong()}) {
        out.begin();
        out.whole(value);
        assertThat(out.end()).isEqualTo(avro(in -> in.writeLong(value)));
        int narrow = (int) value;
        out.begin();
        out.whole(narrow);
        assertThat(out.end()).isEqualTo(avro(in -> in.writeInt(narrow)));
      }
    }
  }

  @Test
  void shouldWriteEachOfManyTextsThatComeAgainAsAvroDoes() throws IOException {
    String[] texts = {"Aix", "Brest", "Cuxhaven", "Đà Nẵng", "", "Esbjerg", "Aix"};
    for (int i = 0; i < 500; i++) {
      String text = texts[random.nextInt(texts.length)];
      out.begin();
      out.text(text);
      assertThat(out.end()).isEqualTo(avro(in -> in.writeString(text)));
    }
  }

  @Test
  void shouldWriteEveryBitOfANumberAsAvroDoes() throws IOException {
    double[] values = random.longs(3_000).mapToDouble(Double::longBitsToDouble).toArray();
    values[0] = Double.NaN;
    values[1] = -0.0;
    values[2] = Double.longBitsToDouble(0x7FF8_0000_0000_1234L); // A NaN that carries something.

    out.begin();
    for (double value : values) {
      out.number(value);
    }
    out.numbers(values, values.length);
    out.numbers(values, 7);
    out.numbers(values, 0);

    assertThat(out.end())
        .isEqualTo(
            avro(
                in -> {
                  for (double value : values) {
                    in.writeDouble(value);
                  }
                  array(in, values);
                  array(in, Arrays.copyOf(values, 7));
                  array(in, new double[0]);
                }));
  }

  @Test
  void shouldWriteTextsBytesAndUnionsAsAvroDoes() throws IOException {
    String[] texts = {"", "Dover", "é潮\uD83C\uDF0A", "x".repeat(70_000), "half \uD83C"};
    byte[] bytes = new byte[300];
    random.nextBytes(bytes);

    out.begin();
    for (String text : texts) {
      out.branch(1);
      out.text(text);
    }
    out.texts(texts);
    out.texts(new String[0]);
    out.bytes(bytes, 299);
    out.flag(true);
    out.flag(false);
    out.branch(0);

    assertThat(out.end())
        .isEqualTo(
            avro(
                in -> {
                  for (String text : texts) {
                    in.writeIndex(1);
                    in.writeString(text);
                  }
                  in.writeArrayStart();
                  in.setItemCount(texts.length);
                  for (String text : texts) {
                    in.startItem();
                    in.writeString(text);
                  }
                  in.writeArrayEnd();
                  in.writeArrayStart();
                  in.setItemCount(0);
                  in.writeArrayEnd();
                  in.writeBytes(ByteBuffer.wrap(bytes, 0, 299));
                  in.writeBoolean(true);
                  in.writeBoolean(false);
                  in.writeIndex(0);
                }));
  }

  @Test
  void shouldForgetARecordThatWasNotEnded() {
    AvroRecordBytes tides = AvroRecordBytes.singleObjects(SCHEMA);
    tides.begin();
    tides.text("x".repeat(3_000));
    tides.begin();
    tides.text("half");
    tides.begin();
    tides.text("Dover");
    tides.number(6.8);
    byte[] record = tides.end();

    assertThat(record).hasSize(AvroRecordBytes.HEADER_BYTES + 6 + Double.BYTES);
    assertThat(record).startsWith(0xC3, 0x01);
    tides.begin();
    tides.text("Dover");
    tides.number(6.8);
    assertThat(tides.end()).isEqualTo(record).isNotSameAs(record);
  }

  private static void array(BinaryEncoder out, double[] values) throws IOException {
    out.writeArrayStart();
    out.setItemCount(values.length);
    for (double value : values) {
      out.startItem();
      out.writeDouble(value);
    }
    out.writeArrayEnd();
  }

  private static byte[] avro(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
    writing.write(out);
    out.flush();
    return bytes.toByteArray();
  }
}
