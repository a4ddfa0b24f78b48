package io.tidecast.postgres;

import static java.util.Objects.requireNonNull;

import io.tidecast.postgres.rows.Table;
import io.tidecast.schemas.ErrorCode;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** What a copier has done. The copier writes; any thread reads. */
public final class CopyFigures {

  private final AtomicLongArray rows = new AtomicLongArray(Table.values().length);
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong transactions = new AtomicLong();
  private final AtomicLongArray deadLetters = new AtomicLongArray(ErrorCode.values().length);
  private final AtomicLong missedRecords = new AtomicLong();
  private final AtomicLong deletedRows = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong lagRecords = new AtomicLong();
  private final AtomicLong awayMillis = new AtomicLong();

  CopyFigures() {}

  /** Records that were copied, dead letters included. */
  public long records() {
    return records.get();
  }

  /** Rows of a table that are new or were changed. */
  long rows(Table table) {
    return rows.get(table.ordinal());
  }

  /** The same of all tables. */
  public long rows() {
    long sum = 0;
    for (Table table : Table.values()) {
      sum += rows(table);
    }
    return sum;
  }

  /** Transactions that were committed. */
  public long transactions() {
    return transactions.get();
  }

  /** Records that could not be copied, and are dead letters. */
  public long deadLetters() {
    long sum = 0;
    for (ErrorCode code : ErrorCode.values()) {
      sum += deadLetters(code);
    }
    return sum;
  }

  /** The same for one reason. */
  long deadLetters(ErrorCode code) {
    return deadLetters.get(code.ordinal());
  }

  /** Records that Kafka had deleted before they were copied. */
  public long missedRecords() {
    return missedRecords.get();
  }

  /** Rows that were too old. */
  public long deletedRows() {
    return deletedRows.get();
  }

  /** Tries that failed, for the database, a registry or Kafka did not do what was asked. */
  public long failures() {
    return failures.get();
  }

  /** Records that are in the topics and not copied yet, as far as is known. */
  public long lagRecords() {
    return lagRecords.get();
  }

  /** For how long nothing could be copied, milliseconds; 0 while it can. */
  public long awayMillis() {
    return awayMillis.get();
  }

  void written(Map<Table, Long> changed, long copied) {
    changed.forEach((table, count) -> rows.addAndGet(table.ordinal(), count));
    records.addAndGet(copied);
    transactions.incrementAndGet();
  }

  void refused(Collection<Entry> refused) {
    for (Entry entry : refused) {
      Entry.Refusal refusal = requireNonNull(entry.refusal(), "refusal is null");
      deadLetters.incrementAndGet(refusal.code().ordinal());
    }
  }

  void missed(long count) {
    missedRecords.addAndGet(count);
  }

  void deleted(long count) {
    deletedRows.addAndGet(count);
  }

  void failed() {
    failures.incrementAndGet();
  }

  void lag(long count) {
    lagRecords.set(count);
  }

  void away(long millis) {
    awayMillis.set(millis);
  }
}
