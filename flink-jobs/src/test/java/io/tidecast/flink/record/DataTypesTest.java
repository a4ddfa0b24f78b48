package io.tidecast.flink.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.model.LoadStage;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.promotion.Bout;
import io.tidecast.runtime.promotion.ModelName;
import io.tidecast.schemas.ErrorCode;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.CompositeType;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What travels between operators does so without Kryo; what is also kept has its own tests. */
class DataTypesTest {

  @ParameterizedTest
  @ValueSource(
      classes = {
        SourceRecord.class,
        ParsedMeasurement.class,
        Measurement.class,
        ForecastRequest.class,
        ParsedRequest.class,
        ModelCommand.class,
        ParsedCommand.class,
        ModelEvent.class,
        OpenVersion.class,
        ComparedForecasts.class,
        IssuedForecast.class,
        Issuer.class,
        Rejection.class
      })
  void shouldBeAPojoToTheLastField(Class<?> type) {
    TypeInformation<?> info = TypeInformation.of(type);
    assertThat(info).isInstanceOf(PojoTypeInfo.class);
    assertNotGeneric(info);
  }

  @Test
  void shouldKeepNullsOfEveryKind() throws Exception {
    Rejection failed =
        Rejection.of(
            ErrorCode.INFERENCE_FAILED,
            "x",
            new ForecastTask("a", 7, new float[0], 0, 0),
            Samples.NOW);
    assertSurvives(failed, Rejection.class);

    SourceRecord tombstone = new SourceRecord("t", 0, 0, -1, null, null);
    Rejection rejected = Rejection.of(ErrorCode.MALFORMED, "x", tombstone.whole(5), Samples.NOW);
    assertSurvives(new ParsedMeasurement(null, rejected), ParsedMeasurement.class);
    assertSurvives(
        new ParsedMeasurement(null, null, new PassedOver(PassedOver.Reason.TOMBSTONE, 7), false),
        ParsedMeasurement.class);
    assertSurvives(
        new ParsedCommand(
            new ModelCommand("c-1", ModelCommand.Action.ROLL_BACK, "heat", null, null, 7L), null),
        ParsedCommand.class);
    assertSurvives(
        new ModelEvent(
            7,
            ModelEvent.Kind.FAILED,
            null,
            null,
            new ModelEvent.Version("s3://m/2", null, null, null),
            null,
            LoadStage.FETCH,
            "x",
            0,
            1),
        ModelEvent.class);
    assertSurvives(
        ModelEvent.of(
            new ModelEvent.Contest("mae", 1, 2, 3, .5, 1, "seasonal-naive", null, 2),
            7,
            ModelEvent.Kind.OUTDONE,
            "heat",
            null,
            new ModelEvent.Version("s3://m/2", "m", "2", null)),
        ModelEvent.class);
    assertSurvives(
        new ComparedForecasts("heat", new Bout(7, new ModelName("m", "2"), null, 1, 2, 3, true)),
        ComparedForecasts.class);
    assertSurvives(
        new OpenVersion("heat", new ModelEvent.Version("s3://m/2", "m", "2", null), false),
        OpenVersion.class);
    assertSurvives(
        new ParsedMeasurement(Samples.measurement("a", 7, 1, 2), null), ParsedMeasurement.class);
  }

  private static <T> void assertSurvives(T value, Class<T> type) throws Exception {
    TypeSerializer<T> serializer =
        TypeInformation.of(type).createSerializer(new SerializerConfigImpl());
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(value, out);
    T read = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    assertThat(read).usingRecursiveComparison().isEqualTo(value);
  }

  private static void assertNotGeneric(TypeInformation<?> info) {
    assertThat(info).isNotInstanceOf(GenericTypeInfo.class);
    if (info instanceof CompositeType<?> composite) {
      for (int i = 0; i < composite.getArity(); i++) {
        assertNotGeneric(composite.getTypeAt(i));
      }
    }
  }
}
