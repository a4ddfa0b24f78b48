package io.tidecast.benchmarks.encode;

import io.tidecast.flink.format.Readings;
import io.tidecast.flink.format.TidecastReader;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.PassedOver;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.LossPolicy;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.record.ForecastRecords;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.Observation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Prints what a record costs where it becomes bytes and where bytes become a record, beside copying
 * as many bytes and beside what others do it with. The bytes of a forecast are held against Avro's
 * own before anything is measured.
 */
public final class EncodeTable {

  private static final int MASK = Samples.COUNT - 1;
  private static final Headers NO_HEADERS = new RecordHeaders();

  private final Ways ways = new Ways();

  private EncodeTable() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    EncodeTable table = new EncodeTable();
    table.forecasts();
    table.observations();
    table.shuffle();
    System.out.println("\n(" + table.ways.kept() + " has no meaning)");
  }

  private void forecasts() throws Exception {
    List<IssuedForecast> forecasts = Samples.forecasts();
    AvroCodec<Forecast> codec = AvroCodec.forecasts();
    byte[] example = codec.encode(Samples.generated(forecasts.get(7)));
    AvroFields fields = new AvroFields(AvroFields.header(example));
    Job job = new Job();
    if (!Arrays.equals(job.bytes(forecasts.get(7)), example)
        || !Arrays.equals(fields.bytes(forecasts.get(7)), example)) {
      throw new IllegalStateException("all ways must write the bytes that Avro writes");
    }
    ways.print(
        "a forecast of 96 points becomes %d bytes".formatted(example.length),
        List.of(
            new Way("copied as it is", turn -> Arrays.copyOf(example, example.length).length),
            new Way(
                "by the job, with its key", turn -> job.bytes(forecasts.get(turn & MASK)).length),
            new Way(
                "by Avro's encoder, field by field",
                turn -> fields.bytes(forecasts.get(turn & MASK)).length),
            new Way(
                "by Avro, as a generated record",
                turn -> codec.encode(Samples.generated(forecasts.get(turn & MASK))).length)));
  }

  private void observations() throws Exception {
    List<byte[]> observations = Samples.observations();
    AvroCodec<Observation> codec = AvroCodec.observations();
    TidecastReader reader = new TidecastReader(1);
    Last last = new Last();
    ways.print(
        "%d bytes become an observation".formatted(observations.get(0).length),
        List.of(
            new Way("copied as they are", turn -> observations.get(turn & MASK).clone().length),
            new Way(
                "by the job",
                turn -> {
                  byte[] value = observations.get(turn & MASK);
                  reader.read(new SourceRecord("o", 0, turn, 1, null, value), NO_HEADERS, last);
                  return last.sum();
                }),
            new Way(
                "by Avro, as a generated record",
                turn -> codec.decode(observations.get(turn & MASK)).getValues().size())));
  }

  private void shuffle() throws Exception {
    List<Measurement> measurements = Samples.measurements();
    TypeSerializer<Measurement> own =
        StateTypes.MEASUREMENT.createSerializer(new SerializerConfigImpl());
    byte[] example = bytes(own, measurements.get(0));
    DataOutputSerializer out = new DataOutputSerializer(1024);
    DataInputDeserializer in = new DataInputDeserializer();
    List<byte[]> all =
        IntStream.range(0, Samples.COUNT).mapToObj(i -> bytes(own, measurements.get(i))).toList();
    ways.print(
        "an observation crosses to its series in %d bytes".formatted(example.length),
        List.of(
            new Way("copied as it is", turn -> all.get(turn & MASK).clone().length),
            new Way(
                "written",
                turn -> {
                  out.clear();
                  own.serialize(measurements.get(turn & MASK), out);
                  return out.length();
                }),
            new Way(
                "read",
                turn -> {
                  in.setBuffer(all.get(turn & MASK));
                  return own.deserialize(in).series().length();
                })));
  }

  private static byte[] bytes(TypeSerializer<Measurement> own, Measurement measurement) {
    try {
      DataOutputSerializer out = new DataOutputSerializer(64);
      own.serialize(measurement, out);
      return out.getCopyOfBuffer();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** The encoder of the job. */
  private static final class Job {

    private final ForecastRecords records;
    private byte[] value = {};

    Job() throws Exception {
      SinkSettings.Kafka settings =
          new SinkSettings.Kafka(
              "forecasts",
              Delivery.AT_LEAST_ONCE,
              "encode",
              Duration.ofMinutes(1),
              LossPolicy.REPORT);
      records =
          new ForecastRecords(
              settings, GridStep.fixed(Duration.ofMillis(Samples.STEP_MILLIS)), new double[0]);
      records.open(new Context());
    }

    byte[] bytes(IssuedForecast forecast) throws Exception {
      records.encode(forecast, record -> value = record.value());
      return value;
    }
  }

  private record Context() implements InitializationContext {

    @Override
    public MetricGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return SimpleUserCodeClassLoader.create(EncodeTable.class.getClassLoader());
    }
  }

  private static final class Last implements Readings {

    private Measurement measurement = Samples.measurements().get(0);

    int sum() {
      return measurement.series().length() + (int) measurement.values()[0];
    }

    @Override
    public void found(Measurement found) {
      measurement = found;
    }

    @Override
    public void refused(RefusedException why) {
      throw new IllegalStateException(why);
    }

    @Override
    public void passedOver(PassedOver.Reason reason, int count) {
      throw new IllegalStateException("passed over: " + reason);
    }
  }
}
