package io.tidecast.benchmarks.formats;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A format that a topic may have. */
public interface RecordFormat {

  /** Names it in the table; letters, digits and hyphens. */
  String name();

  /** Returns the keys of a job that reads it, beside the topic. */
  Map<String, Object> keys();

  /** Makes a record that holds a measurement and is right in everything. */
  ProducerRecord<byte[], byte[]> record(String topic, Sample sample);
}
