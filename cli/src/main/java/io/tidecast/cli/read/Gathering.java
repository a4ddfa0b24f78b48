package io.tidecast.cli.read;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes records and makes of them the values that are shown. One thread. */
public interface Gathering<T> {

  /** Takes a record; those of a partition come in order. */
  void add(ConsumerRecord<byte[], byte[]> record);

  /** Whether the newest of what was taken are so many, and whole. */
  boolean isEnough(int last);

  /** The newest of what was taken, in the order of their timestamps. */
  List<Decoded<T>> newest(int last);

  /** What has come to an end, each once. */
  List<Decoded<T>> settled();
}
