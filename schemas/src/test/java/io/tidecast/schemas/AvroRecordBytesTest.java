package io.tidecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.Encoder;
import org.junit.jupiter.api.Test;

class AvroRecordBytesTest {

  private static final Schema SCHEMA =
      SchemaBuilder.record("Tide")
          .fields()
          .requiredString("where")
          .requiredDouble("metres")
          .endRecord();

  private final AvroCodec<GenericRecord> codec = new AvroCodec<>(GenericData.get(), SCHEMA);
  private final AvroRecordBytes writer = AvroRecordBytes.singleObjects(SCHEMA);

  @Test
  void shouldWriteWhatACodecWrites() throws IOException {
    assertThat(write("Dover", 6.8)).isEqualTo(codec.encode(tide("Dover", 6.8)));
    assertThat(write("Brest", -0.1)).isEqualTo(codec.encode(tide("Brest", -0.1)));
  }

  @Test
  void shouldForgetARecordThatWasNotEnded() throws IOException {
    writer.begin().writeString("x".repeat(3_000));
    writer.begin().writeString("half");

    assertThat(write("Dover", 6.8)).isEqualTo(codec.encode(tide("Dover", 6.8)));
  }

  private byte[] write(String where, double metres) throws IOException {
    Encoder out = writer.begin();
    out.writeString(where);
    out.writeDouble(metres);
    return writer.end();
  }

  private static GenericRecord tide(String where, double metres) {
    return new GenericRecordBuilder(SCHEMA).set("where", where).set("metres", metres).build();
  }
}
