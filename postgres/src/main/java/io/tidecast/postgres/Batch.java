package io.tidecast.postgres;

import io.tidecast.flink.sink.PostgresSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/** Entries that go into one transaction, in the order in which they were read. One thread. */
final class Batch {

  private final PostgresSettings.Batch settings;
  private final LongSupplier nanos;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long rows;
  private long sinceNanos;

  /**
   * @param nanos a clock as of {@link System#nanoTime}
   */
  Batch(PostgresSettings.Batch settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
  }

  void add(Entry entry) {
    if (entries.isEmpty()) {
      sinceNanos = nanos.getAsLong();
    }
    entries.addLast(entry);
    rows += entry.rows().size();
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }

  /** Whether it has as many rows as go into a transaction. A refused record counts as one. */
  boolean isFull() {
    return rows >= settings.rows() || entries.size() >= settings.rows();
  }

  /** How long until its first entry has waited long enough, nanoseconds; 0 or less is now. */
  long nanosLeft() {
    return settings.delay().toNanos() - (nanos.getAsLong() - sinceNanos);
  }

  /** Whether it is to be written. */
  boolean isDue() {
    return !isEmpty() && (isFull() || nanosLeft() <= 0);
  }

  /** The first entries, which stay. */
  List<Entry> first(int count) {
    List<Entry> first = new ArrayList<>(count);
    for (Entry entry : entries) {
      if (first.size() == count) {
        break;
      }
      first.add(entry);
    }
    return first;
  }

  /** Takes the first entries away. */
  void remove(int count) {
    for (int i = 0; i < count; i++) {
      rows -= entries.removeFirst().rows().size();
    }
  }

  /** Puts another entry into the place of the first one. */
  void replaceFirst(Entry entry) {
    rows += entry.rows().size() - entries.removeFirst().rows().size();
    entries.addFirst(entry);
  }

  void clear() {
    entries.clear();
    rows = 0;
  }
}
