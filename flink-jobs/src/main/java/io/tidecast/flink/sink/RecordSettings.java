package io.tidecast.flink.sink;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How a job writes the records of one topic.
 *
 * @param times of plain JSON
 * @param eventSource of the headers of CloudEvents, a URI; null where records have none
 * @param schemas how records name their schemas, which are in a registry; null where they do not
 */
public record RecordSettings(
    RecordFormat format,
    JsonTimes times,
    @Nullable String eventSource,
    @Nullable SchemaRegistration schemas)
    implements Serializable {

  /** As Tidecast has always written them. */
  public static final RecordSettings TIDECAST =
      new RecordSettings(RecordFormat.TIDECAST, JsonTimes.ISO_8601, null, null);

  public RecordSettings {
    requireNonNull(format, "format is null");
    requireNonNull(times, "times is null");
  }

  /** Without a registry. */
  public RecordSettings(RecordFormat format, JsonTimes times, @Nullable String eventSource) {
    this(format, times, eventSource, null);
  }
}
