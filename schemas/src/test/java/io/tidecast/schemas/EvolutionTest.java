package io.tidecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.apache.avro.AvroTypeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

/** Bytes that are in topics stay readable, before and after a schema changes. */
class EvolutionTest {

  /** A later Observation: one more field. */
  private static final Schema LATER =
      SchemaBuilder.record("Observation")
          .namespace("io.tidecast.schemas")
          .fields()
          .requiredString("series")
          .name("time")
          .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
          .noDefault()
          .name("values")
          .type()
          .array()
          .items()
          .nullable()
          .doubleType()
          .noDefault()
          .optionalString("unit")
          .endRecord();

  @Test
  void shouldReadTheStoredBytesOfVersion1() throws CodecException {
    assertThat(AvroCodec.observations().decode(Examples.stored("observation-1.bin")))
        .isEqualTo(Examples.observation());
    assertThat(AvroCodec.forecasts().decode(Examples.stored("forecast-1.bin")))
        .isEqualTo(Examples.forecast());
    assertThat(AvroCodec.deadLetters().decode(Examples.stored("dead-letter-1.bin")))
        .isEqualTo(Examples.deadLetter());
    assertThat(AvroCodec.forecastPoints().decode(Examples.stored("forecast-point-1.bin")))
        .isEqualTo(Examples.forecastPoint());
  }

  @Test
  void shouldReadTheStoredBytesOfVersion2() throws CodecException {
    Forecast revised = Forecast.newBuilder(Examples.forecast()).setRevision(1).build();

    assertThat(AvroCodec.forecasts().decode(Examples.stored("forecast-2.bin"))).isEqualTo(revised);
  }

  @Test
  void shouldReadTheStoredBytesOfVersion3() throws CodecException {
    Forecast joint = Examples.jointForecast();

    assertThat(AvroCodec.forecasts().decode(Examples.stored("forecast-3.bin"))).isEqualTo(joint);
  }

  @Test
  void shouldReadTheStoredBytesOfVersion4() throws CodecException {
    Forecast shadow = Forecast.newBuilder(Examples.jointForecast()).setRole("shadow").build();
    ForecastPoint point =
        ForecastPoint.newBuilder(Examples.forecastPoint()).setRole("shadow").build();

    assertThat(AvroCodec.forecasts().decode(Examples.stored("forecast-4.bin"))).isEqualTo(shadow);
    assertThat(AvroCodec.forecastPoints().decode(Examples.stored("forecast-point-2.bin")))
        .isEqualTo(point);
  }

  @Test
  void shouldReadAndWriteTheStoredBytesOfVersion5() throws CodecException {
    Forecast member =
        Forecast.newBuilder(Examples.jointForecast()).setRole("member").setWeight(0.625).build();
    ForecastPoint point =
        ForecastPoint.newBuilder(Examples.forecastPoint())
            .setRole("member")
            .setWeight(0.625)
            .build();

    assertThat(AvroCodec.forecasts().decode(Examples.stored("forecast-5.bin"))).isEqualTo(member);
    assertThat(AvroCodec.forecasts().encode(member)).isEqualTo(Examples.stored("forecast-5.bin"));
    assertThat(AvroCodec.forecastPoints().decode(Examples.stored("forecast-point-3.bin")))
        .isEqualTo(point);
    assertThat(AvroCodec.forecastPoints().encode(point))
        .isEqualTo(Examples.stored("forecast-point-3.bin"));
  }

  @Test
  void shouldTakeForecastsOfBeforeThereWereShadowsForPrimaries() throws CodecException {
    for (String name : List.of("forecast-1.bin", "forecast-2.bin", "forecast-3.bin")) {
      assertThat(AvroCodec.forecasts().decode(Examples.stored(name)).getRole())
          .isEqualTo("primary");
    }
    assertThat(AvroCodec.forecastPoints().decode(Examples.stored("forecast-point-1.bin")).getRole())
        .isEqualTo("primary");
  }

  /** One that knows no shadows reads the rest; through a registry, which has the new schema. */
  @Test
  void shouldLetReadersOfBeforeThereWereShadowsReadOn() throws IOException {
    Forecast given = Forecast.newBuilder(Examples.jointForecast()).setRole("shadow").build();
    GenericRecord forecast =
        read(
            Forecast.getClassSchema(),
            Examples.storedSchema("forecast-3.avsc"),
            AvroCodec.forecasts().encode(given));
    assertThat(forecast.get("revision")).isEqualTo(given.getRevision());
    assertThat(forecast.get("points")).isEqualTo(given.getPoints());
    GenericRecord point =
        read(
            ForecastPoint.getClassSchema(),
            Examples.storedSchema("forecast-point-1.avsc"),
            AvroCodec.forecastPoints().encode(Examples.forecastPoint()));
    assertThat(point.get("value")).isEqualTo(Examples.forecastPoint().getValue());
  }

  @Test
  void shouldWidenTheFloatsOfEarlierVersionsWithoutChangingThem() throws CodecException {
    Schema written = Examples.storedSchema("forecast-2.avsc");
    float[] values = {0.1f, -1e-45f, Float.MAX_VALUE, 1 / 3f};
    List<Float> floats = List.of(values[0], values[1], values[2], values[3]);
    Forecast given = Examples.forecast();
    GenericRecord record =
        new GenericRecordBuilder(written)
            .set("series", given.getSeries())
            .set("origin", given.getOrigin().toEpochMilli())
            .set("issuedAt", given.getIssuedAt().toEpochMilli())
            .set("stepMillis", given.getStepMillis())
            .set("horizon", 4)
            .set("modelId", given.getModelId())
            .set("modelVersion", given.getModelVersion())
            .set("channels", 1)
            .set("points", floats)
            .set("quantileLevels", List.of(0.5))
            .set("quantiles", floats)
            .set("filledCells", 0)
            .set("fallback", false)
            .build();
    byte[] bytes = new AvroCodec<GenericRecord>(GenericData.get(), written).encode(record);

    Forecast read = AvroCodec.forecasts().decode(bytes);

    assertThat(read.getTargets()).isEmpty();
    assertThat(read.getPoints())
        .containsExactly(
            (double) values[0], (double) values[1], (double) values[2], (double) values[3])
        .isEqualTo(read.getQuantiles());
  }

  /**
   * An older reader is given the schema that wrote a record by a registry. It reads the right
   * values, or it refuses the schema before it has read anything: numbers that were doubles do not
   * fit into the floats of before.
   */
  @Test
  void shouldLetAnOlderReaderReadNewRecordsThroughARegistryOrRefuseThem() throws IOException {
    Schema written = Forecast.getClassSchema();
    Forecast given = Examples.jointForecast();
    byte[] object = AvroCodec.forecasts().encode(given);
    for (String name : List.of("forecast-1.avsc", "forecast-2.avsc")) {
      Schema older = Examples.storedSchema(name);
      assertThat(SchemaCompatibility.checkReaderWriterCompatibility(older, written).getType())
          .as(name)
          .isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
      assertThatThrownBy(() -> read(written, older, object)).isInstanceOf(AvroTypeException.class);
    }
    // As of the third version: without what may have come since.
    Schema third = Schema.createRecord("Forecast", null, "io.tidecast.schemas", false);
    third.setFields(
        written.getFields().stream()
            .filter(field -> !field.name().equals("targets"))
            .map(field -> new Schema.Field(field, field.schema()))
            .toList());
    GenericRecord read = read(written, third, object);
    assertThat(read.get("series")).hasToString(given.getSeries());
    assertThat(read.get("origin")).isEqualTo(given.getOrigin().toEpochMilli());
    assertThat(read.get("points")).isEqualTo(given.getPoints());
    assertThat(read.get("revision")).isEqualTo(given.getRevision());
  }

  private static GenericRecord read(Schema written, Schema read, byte[] object) throws IOException {
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(object, 10, object.length - 10, null);
    return new GenericDatumReader<GenericRecord>(written, read).read(null, decoder);
  }

  /** Without a registry it knows what it was told, and names what it was not. */
  @Test
  void shouldLetAnOlderReaderRefuseAnUnknownFingerprintByName() {
    byte[] object = AvroCodec.forecasts().encode(Examples.jointForecast());
    AvroCodec<GenericRecord> older =
        new AvroCodec<>(GenericData.get(), Examples.storedSchema("forecast-2.avsc"));
    String fingerprint =
        "%016x".formatted(SchemaNormalization.parsingFingerprint64(Forecast.getClassSchema()));

    assertThatThrownBy(() -> older.decode(object))
        .isInstanceOfSatisfying(
            CodecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SCHEMA))
        .hasMessageContaining("Forecast")
        .hasMessageContaining("fingerprint=" + fingerprint);
  }

  @Test
  void shouldReadVersion1WithALaterSchema() throws CodecException {
    AvroCodec<GenericRecord> later =
        new AvroCodec<>(GenericData.get(), LATER, Examples.storedSchema("observation-1.avsc"));

    GenericRecord read = later.decode(Examples.stored("observation-1.bin"));

    assertThat(read.get("series")).hasToString("uk-demand");
    assertThat(read.get("time")).isEqualTo(Examples.observation().getTime().toEpochMilli());
    assertThat(read.get("values")).asString().isEqualTo("[31415.5, null, -0.25]");
    assertThat(read.get("unit")).isNull();
  }

  @Test
  void shouldReadALaterProducerOnceToldItsSchema() throws CodecException {
    AvroCodec<GenericRecord> later = new AvroCodec<>(GenericData.get(), LATER);
    byte[] bytes =
        later.encode(
            new GenericRecordBuilder(LATER)
                .set("series", "uk-demand")
                .set("time", Examples.observation().getTime().toEpochMilli())
                .set("values", List.of(31_415.5))
                .set("unit", "MW")
                .build());

    Observation read = AvroCodec.observations().alsoReading(LATER).decode(bytes);

    assertThat(read.getSeries()).isEqualTo("uk-demand");
    assertThat(read.getTime()).isEqualTo(Examples.observation().getTime());
    assertThat(read.getValues()).containsExactly(31_415.5);
  }

  @Test
  void shouldDescribeEveryField() {
    for (Schema schema :
        List.of(
            Observation.getClassSchema(), Forecast.getClassSchema(), DeadLetter.getClassSchema())) {
      assertThat(schema.getDoc()).isNotBlank();
      assertThat(schema.getFields())
          .allSatisfy(field -> assertThat(field.doc()).as(field.name()).isNotBlank().endsWith("."));
    }
  }
}
