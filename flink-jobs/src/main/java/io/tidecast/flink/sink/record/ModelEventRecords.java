package io.tidecast.flink.sink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.sink.JsonTimes;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.record.write.Fields;
import io.tidecast.flink.sink.record.write.JsonRecordWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of each thing that happens to a model: JSON as {@code model-event.schema.json} has
 * it, whatever the format of the forecasts, under the key of its slot.
 */
public final class ModelEventRecords implements RecordEncoder<ModelEvent> {

  private static final long serialVersionUID = 1L;

  private final String topic;
  private final RecordSettings forecasts;
  private transient Opened opened;

  private record Opened(JsonRecordWriter json, @Nullable CloudEvents events) {}

  /**
   * @param topic of the events
   * @param forecasts how forecasts are written, which says whether records have the headers of
   *     CloudEvents
   */
  public ModelEventRecords(String topic, RecordSettings forecasts) {
    this.topic = requireNonNull(topic, "topic is null");
    this.forecasts = requireNonNull(forecasts, "forecasts is null");
  }

  @Override
  public void open(InitializationContext context) {
    opened =
        new Opened(
            JsonRecordWriter.plain(JsonTimes.ISO_8601), CloudEvents.ofModelEvents(forecasts));
  }

  @Override
  public void encode(ModelEvent event, Out out) throws IOException, InterruptedException {
    byte[] key = event.slot() == null ? null : event.slot().getBytes(StandardCharsets.UTF_8);
    opened.json.begin();
    write(event, opened.json);
    out.write(
        new ProducerRecord<>(
            topic,
            null,
            null,
            key,
            opened.json.end(),
            opened.events == null ? null : opened.events.of(event)));
  }

  private static void write(ModelEvent event, Fields out) throws IOException {
    ModelEvent.Version version = event.version();
    out.time("time", event.timeMillis());
    out.text("kind", Spelling.of(event.kind()));
    out.optionalText("slot", event.slot());
    out.optionalText("commandId", event.commandId());
    out.optionalText("path", version == null ? null : version.place());
    out.optionalText("modelId", version == null ? null : version.modelId());
    out.optionalText("modelVersion", version == null ? null : version.modelVersion());
    out.optionalText("sha256", version == null ? null : version.sha256());
    out.optionalTime("fromOrigin", event.fromOriginMillis());
    out.optionalText("stage", event.stage() == null ? null : Spelling.of(event.stage()));
    out.optionalText("reason", event.reason());
    out.whole("subtask", event.subtask());
    out.whole("parallelism", event.parallelism());
    ModelEvent.Contest contest = event.contest();
    if (contest != null) {
      write(contest, out);
    }
  }

  private static void write(ModelEvent.Contest contest, Fields out) throws IOException {
    out.text("metric", contest.metric());
    out.whole("origins", contest.origins());
    out.whole("blocksWon", contest.blocksWon());
    out.whole("blocksLost", contest.blocksLost());
    out.number("pValue", contest.pValue());
    out.number("loss", contest.loss());
    out.text("otherModelId", contest.otherId());
    out.optionalText("otherModelVersion", contest.otherVersion());
    out.number("otherLoss", contest.otherLoss());
  }
}
