package io.tidecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
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
    assertThat(AvroCodec.forecasts().encode(joint)).isEqualTo(Examples.stored("forecast-3.bin"));
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
