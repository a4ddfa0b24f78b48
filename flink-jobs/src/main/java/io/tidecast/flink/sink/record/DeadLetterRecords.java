package io.tidecast.flink.sink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.KeptHeaders;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.schemas.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Makes dead letters under the key of the rejected record, or the series of a failed forecast. */
public final class DeadLetterRecords implements RecordEncoder<Rejection> {

  private static final long serialVersionUID = 1L;

  private static final Set<String> OF_THE_VALUE =
      Set.of("content-type", "__key_schema_id", "__value_schema_id");

  private final DeadLetterSettings settings;
  private transient Opened opened;

  private record Opened(
      Written<Rejection> values, @Nullable CloudEvents events, DeadLetterTally tally) {}

  public DeadLetterRecords(DeadLetterSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(InitializationContext context) {
    opened =
        new Opened(
            Written.values(
                RecordKind.DEAD_LETTER,
                settings.records(),
                new DeadLetterShape(settings.maxValueBytes()),
                new Rejection(ErrorCode.MALFORMED, "", null, null, null, 0),
                SinkSchemas.deadLetterFrame(settings)),
            CloudEvents.of(RecordKind.DEAD_LETTER, settings.records()),
            new DeadLetterTally(new JobMetrics(context.getMetricGroup())));
  }

  @Override
  public void encode(Rejection rejection, Out out) throws IOException, InterruptedException {
    opened.tally.count(rejection);
    Headers headers = new RecordHeaders();
    if (rejection.source() != null) {
      KeptHeaders.unpack(
          rejection.source().headers(), (name, value) -> headers.add(nameHere(name), value));
    }
    CloudEvents.addPassed(headers, rejection.passed(), opened.events != null);
    if (opened.events != null) {
      opened.events.addTo(headers, rejection);
    }
    // No timestamp, that is the wall clock; see ForecastRecords.
    out.write(
        new ProducerRecord<>(
            settings.topic(), null, null, key(rejection), opened.values.bytes(rejection), headers));
  }

  /** Headers that say what the value is would say it of the dead letter. */
  private static String nameHere(String name) {
    return name.startsWith("ce_") || OF_THE_VALUE.contains(name) ? "original." + name : name;
  }

  /** The series stands in for the key of a record whose bytes stayed behind. */
  private static byte @Nullable [] key(Rejection rejection) {
    RecordOrigin source = rejection.source();
    String series = rejection.series();
    if (source != null && (series == null || !source.isBehind())) {
      return source.key();
    }
    return requireNonNull(series, "source and series are null").getBytes(StandardCharsets.UTF_8);
  }
}
