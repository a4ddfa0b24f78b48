package io.tidecast.schemas;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads records as Avro single objects: two marker bytes, the CRC-64-AVRO fingerprint of
 * the writer's schema (8 bytes, little-endian), the binary record.
 *
 * <p>Writes with the schema of {@code T}. Reads what any schema it was told about has written, and
 * resolves it to the schema of {@code T}. Not serializable; immutable; any thread.
 *
 * @param <T> a generated record of this package
 */
public final class AvroCodec<T extends IndexedRecord> {

  private final GenericData data;
  private final Schema schema;
  private final byte[] header;
  private final DatumWriter<T> writer;
  private final Map<Long, DatumReader<T>> readers;

  /**
   * @param data knows how to make a {@code T}
   * @param schema what is written, and what every read record is resolved to
   * @param earlier further schemas whose bytes are read
   */
  AvroCodec(GenericData data, Schema schema, Schema... earlier) {
    this(data, schema, new HashMap<>());
    add(schema);
    for (Schema one : earlier) {
      add(one);
    }
  }

  private AvroCodec(GenericData data, Schema schema, Map<Long, DatumReader<T>> readers) {
    this.data = requireNonNull(data, "data is null");
    this.schema = requireNonNull(schema, "schema is null");
    this.header = AvroRecordBytes.header(SchemaNormalization.parsingFingerprint64(schema));
    @SuppressWarnings("unchecked")
    DatumWriter<T> typed = data.createDatumWriter(schema);
    this.writer = typed;
    this.readers = readers;
  }

  /** Returns a codec of {@link Observation}. */
  public static AvroCodec<Observation> observations() {
    return generated(Observation.class, Observation.getClassSchema());
  }

  /**
   * Returns a codec of {@link Forecast}, which reads those of before revisions were counted, of
   * before values were doubles, of before there were shadows and of before there were members, too.
   */
  public static AvroCodec<Forecast> forecasts() {
    return generated(
        Forecast.class,
        Forecast.getClassSchema(),
        earlier("forecast-1.avsc"),
        earlier("forecast-2.avsc"),
        earlier("forecast-3.avsc"),
        earlier("forecast-4.avsc"));
  }

  /** Returns a codec of {@link Anomaly}. */
  public static AvroCodec<Anomaly> anomalies() {
    return generated(Anomaly.class, Anomaly.getClassSchema());
  }

  /** Returns a codec of {@link ForecastScore}. */
  public static AvroCodec<ForecastScore> forecastScores() {
    return generated(ForecastScore.class, ForecastScore.getClassSchema());
  }

  /**
   * Returns a codec of {@link ForecastPoint}, which reads those of before there were shadows and of
   * before there were members, too.
   */
  public static AvroCodec<ForecastPoint> forecastPoints() {
    return generated(
        ForecastPoint.class,
        ForecastPoint.getClassSchema(),
        earlier("forecast-point-1.avsc"),
        earlier("forecast-point-2.avsc"));
  }

  /** Returns a codec of {@link Cell}. */
  public static AvroCodec<Cell> cells() {
    return generated(Cell.class, Cell.getClassSchema());
  }

  /** Returns a codec of {@link DeadLetter}. */
  public static AvroCodec<DeadLetter> deadLetters() {
    return generated(DeadLetter.class, DeadLetter.getClassSchema());
  }

  /**
   * Returns this codec, which reads what {@code written} has written too: an earlier version of the
   * schema, or a later one of a producer that was upgraded first.
   *
   * @throws IllegalArgumentException if {@code written} cannot be resolved to the schema of {@code
   *     T}
   */
  public AvroCodec<T> alsoReading(Schema written) {
    AvroCodec<T> wider = new AvroCodec<>(data, schema, new HashMap<>(readers));
    wider.add(written);
    return wider;
  }

  private static <T extends SpecificRecordBase> AvroCodec<T> generated(
      Class<T> type, Schema schema, Schema... earlier) {
    return new AvroCodec<>(new GeneratedData(type, schema), schema, earlier);
  }

  /** Reads a schema that topics may still hold records of. */
  private static Schema earlier(String name) {
    try (InputStream in = AvroCodec.class.getResourceAsStream(name)) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the record as a single object into a new array. */
  public byte[] encode(T value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header);
    try {
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      writer.write(value, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * Reads the record that {@code value} holds, to the last byte.
   *
   * @param value of a record; null where it has none, which is refused
   * @throws CodecException if it is no single object, of no known schema, ends early or goes on
   */
  public T decode(byte @Nullable [] value) throws CodecException {
    byte[] bytes = SingleObjectReader.present(value);
    DatumReader<T> reader = reader(bytes);
    // Over an array, not a stream: only so does Avro hold claimed lengths against the bytes there
    // are.
    BinaryDecoder decoder =
        DecoderFactory.get()
            .binaryDecoder(
                bytes,
                AvroRecordBytes.HEADER_BYTES,
                bytes.length - AvroRecordBytes.HEADER_BYTES,
                null);
    try {
      T read = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new CodecException(
            ErrorCode.MALFORMED,
            "bytes must end with the record: length=%d".formatted(bytes.length));
      }
      return read;
    } catch (IOException | RuntimeException e) {
      // Avro answers bad bytes with a dozen runtime exceptions; none of them is ours to crash on.
      throw new CodecException(
          ErrorCode.MALFORMED,
          "bytes must be a whole %s: length=%d, %s".formatted(schema.getName(), bytes.length, e),
          e);
    }
  }

  private DatumReader<T> reader(byte[] bytes) throws CodecException {
    long written = SingleObjectReader.fingerprint(bytes);
    DatumReader<T> reader = readers.get(written);
    if (reader == null) {
      throw new CodecException(
          ErrorCode.UNKNOWN_SCHEMA,
          "fingerprint must be of a known %s schema: fingerprint=%016x"
              .formatted(schema.getName(), written));
    }
    return reader;
  }

  private void add(Schema written) {
    SchemaPairCompatibility fit =
        SchemaCompatibility.checkReaderWriterCompatibility(schema, written);
    if (fit.getType() != SchemaCompatibilityType.COMPATIBLE) {
      throw new IllegalArgumentException(
          "written schema must resolve to %s: %s"
              .formatted(schema.getFullName(), fit.getResult().getIncompatibilities()));
    }
    @SuppressWarnings("unchecked")
    DatumReader<T> reader = data.createDatumReader(written, schema);
    readers.put(SchemaNormalization.parsingFingerprint64(written), reader);
  }
}
