package io.tidecast.flink.sink;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * Where rejected records and failed forecasts go.
 *
 * @param maxValueBytes of a rejected value; a longer one is cut
 * @param keepLateValues whether a record that is rejected after its values were shuffled to their
 *     series still has its bytes
 */
public record DeadLetterSettings(
    String topic, int maxValueBytes, boolean keepLateValues, RecordSettings records)
    implements Serializable {

  /** What a dead letter needs beside the value, bytes: key, detail, names, headers. */
  public static final int OVERHEAD_BYTES = 16 * 1024;

  public DeadLetterSettings {
    requireNonNull(topic, "topic is null");
    requireNonNull(records, "records is null");
    if (maxValueBytes < 0) {
      throw new IllegalArgumentException("must not be negative: maxValueBytes=" + maxValueBytes);
    }
  }

  /** In Tidecast's own format. */
  public DeadLetterSettings(String topic, int maxValueBytes, boolean keepLateValues) {
    this(topic, maxValueBytes, keepLateValues, RecordSettings.TIDECAST);
  }

  /** The largest record that the topic must take, bytes: a whole value and what is around it. */
  public int maxRecordBytes() {
    return maxValueBytes + OVERHEAD_BYTES;
  }
}
