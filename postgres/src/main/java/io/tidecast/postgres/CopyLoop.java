package io.tidecast.postgres;

import io.tidecast.flink.registry.RegistryException;
import io.tidecast.postgres.rows.Row;
import io.tidecast.postgres.rows.RowMaker;
import io.tidecast.postgres.rows.Table;
import io.tidecast.postgres.rows.UnstorableException;
import io.tidecast.schemas.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics and writes rows. Rows and offsets go into one transaction, so that each record is
 * copied once, whatever fails. While the database is away nothing more is read, what was read is
 * kept, and the consumer stays in its group. One thread.
 */
final class CopyLoop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CopyLoop.class);

  /** So long at most until somebody who wants it to end is heard. */
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final CopySetup setup;
  private final Database database;
  private final Refusals refusals;
  private final CopyFigures figures = new CopyFigures();
  private final Positions positions;
  private final Batch batch;
  private final Backoff backoff;
  private final RetentionSweep sweep;
  private final RefusalTally tally;
  private final Deque<ConsumerRecord<byte[], byte[]>> read = new ArrayDeque<>();

  /** How often partitions have come to other processes, or the database has known better. */
  private int restarts;

  private boolean joined;

  /** So many entries go into the next transaction; fewer while one of them is refused. */
  private int part = Integer.MAX_VALUE;

  /**
   * Subscribes to the topics.
   *
   * @param consumer which this closes, as it does the others
   */
  CopyLoop(
      Consumer<byte[], byte[]> consumer, CopySetup setup, Database database, Refusals refusals) {
    this.consumer = consumer;
    this.setup = setup;
    this.database = database;
    this.refusals = refusals;
    this.positions = new Positions(setup.settings().groupId());
    this.batch = new Batch(setup.settings().batch(), setup.nanos());
    this.backoff = new Backoff(setup.nanos());
    this.sweep = new RetentionSweep(setup.settings().retention(), setup.clock());
    this.tally = new RefusalTally(setup.nanos(), LOG::warn);
    consumer.subscribe(setup.makers().keySet(), new Rebalances());
  }

  CopyFigures figures() {
    return figures;
  }

  /**
   * Does what is next, which takes a few hundred milliseconds where nothing is wrong.
   *
   * @throws UnfitServerException if it would go wrong for ever, or has for too long
   */
  void step() {
    tally.tell();
    Duration pause = backoff.pause();
    if (!pause.isZero()) {
      idle(pause.compareTo(POLL) < 0 ? pause : POLL);
      figures.away(backoff.failing().toMillis());
      return;
    }
    try {
      Connection connection = database.connection();
      place(connection);
      if (read.isEmpty()) {
        poll();
      }
      while (!read.isEmpty() && !batch.isFull()) {
        batch.add(entry(read.getFirst()));
        read.removeFirst();
      }
      boolean due = batch.isDue();
      if (due) {
        write();
      }
      if (sweep.isDue()) {
        figures.deleted(sweep.step(connection));
      }
      if (due || batch.isEmpty()) {
        succeeded();
      }
    } catch (WakeupException e) {
      LOG.debug("woken");
    } catch (Positions.MovedException e) {
      database.rollback();
      // The database knows better what has been copied.
      restart();
    } catch (SQLException e) {
      database.close();
      failed("PostgreSQL at " + database.place(), e);
    } catch (RegistryException e) {
      database.rollback();
      failed("The schema registry", e);
    } catch (KafkaException e) {
      database.rollback();
      failed("Kafka", e);
    }
  }

  /** Writes what was read, whether or not it has waited long enough; for the end. */
  void flush() {
    if (batch.isEmpty() || !backoff.pause().isZero()) {
      return;
    }
    try {
      write();
    } catch (SQLException | KafkaException | Positions.MovedException e) {
      LOG.info("the last rows are copied after the next start: {}", e.toString());
    }
  }

  /** Whether all is copied that is in the topics now, as far as this process reads them. */
  boolean isDone(Map<TopicPartition, Long> ends) {
    return read.isEmpty()
        && batch.isEmpty()
        && ends.entrySet().stream()
            .allMatch(
                end -> {
                  TopicPartition partition = end.getKey();
                  return positions.has(partition)
                      && consumer.assignment().contains(partition)
                      && consumer.position(partition) >= end.getValue();
                });
  }

  /** Whether this process has its share of every topic, as far as it is in the group yet. */
  boolean readsEveryTopic() {
    return consumer.assignment().stream()
        .map(TopicPartition::topic)
        .collect(Collectors.toSet())
        .containsAll(setup.makers().keySet());
  }

  /** Whether the group has given this process its share, which may be nothing. */
  boolean hasJoined() {
    return joined;
  }

  /** Where the topics end now, as far as this process reads them. */
  Map<TopicPartition, Long> ends() {
    return consumer.endOffsets(consumer.assignment());
  }

  /** Stays in the group, and reads nothing. */
  private void idle(Duration time) {
    consumer.pause(consumer.assignment());
    take(time);
  }

  /** What comes while partitions come or go is read again, from where the database says. */
  private void take(Duration time) {
    int before = restarts;
    ConsumerRecords<byte[], byte[]> taken;
    try {
      taken = consumer.poll(time);
    } catch (OffsetOutOfRangeException e) {
      pass(e.offsetOutOfRangePartitions());
      return;
    }
    if (restarts == before) {
      taken.forEach(read::addLast);
    }
  }

  /**
   * Goes on behind what Kafka has deleted while it was waited for. What was read before is kept.
   *
   * @param next offset of each partition, which is not there any more
   */
  private void pass(Map<TopicPartition, Long> next) {
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(next.keySet());
    boolean isAnother = false;
    for (Map.Entry<TopicPartition, Long> one : next.entrySet()) {
      TopicPartition partition = one.getKey();
      long begin = begins.getOrDefault(partition, 0L);
      if (begin > one.getValue()) {
        missed(partition, begin - one.getValue());
        consumer.seek(partition, begin);
      } else {
        isAnother = true;
      }
    }
    if (isAnother) {
      // Such a partition is shorter than it was: its topic may have been made anew.
      restart();
    }
  }

  private void missed(TopicPartition partition, long count) {
    figures.missed(count);
    say(
        "%,d records of %s were deleted from Kafka before they were copied to PostgreSQL: the topic keeps them for too short a time.",
        count, partition);
  }

  private void poll() {
    consumer.resume(placed());
    Duration left = Duration.ofNanos(Math.max(0, batch.nanosLeft()));
    take(batch.isEmpty() || left.compareTo(POLL) > 0 ? POLL : left);
    long lag = 0;
    for (TopicPartition partition : consumer.assignment()) {
      lag += consumer.currentLag(partition).orElse(0);
    }
    figures.lag(lag + read.size() + batch.size());
  }

  private List<TopicPartition> placed() {
    return consumer.assignment().stream().filter(positions::has).toList();
  }

  /** Goes to where partitions go on that came to this process. */
  private void place(Connection connection) throws SQLException {
    Set<TopicPartition> assigned = consumer.assignment();
    for (TopicPartition partition : assigned) {
      if (!positions.has(partition)) {
        place(connection, partition);
      }
    }
  }

  private void place(Connection connection, TopicPartition partition) throws SQLException {
    List<TopicPartition> one = List.of(partition);
    String id = setup.topicIds().of(partition.topic());
    long begin = consumer.beginningOffsets(one).getOrDefault(partition, 0L);
    long next = positions.find(connection, partition, id);
    if (next != Positions.NONE && next < begin) {
      missed(partition, begin - next);
    }
    consumer.seek(partition, Math.max(begin, next));
  }

  private Entry entry(ConsumerRecord<byte[], byte[]> record) {
    List<Row> rows = new ArrayList<>();
    Entry entry = new Entry(record, rows, null);
    try {
      RowMaker maker = setup.makers().get(record.topic());
      if (maker == null) {
        throw new IllegalStateException("must be subscribed: topic=" + record.topic());
      }
      maker.make(record, rows::add);
      return entry;
    } catch (UnstorableException e) {
      return entry.refused(ErrorCode.NOT_STORABLE, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return entry.refused(ErrorCode.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Writes the batch: at once, or where the database refuses a row, in halves until it is found.
   */
  private void write() throws SQLException {
    while (!batch.isEmpty()) {
      List<Entry> entries = batch.first(Math.min(part, batch.size()));
      try {
        write(entries);
        batch.remove(entries.size());
        part = part > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : part * 2;
      } catch (SQLException e) {
        if (SqlProblem.of(e) != SqlProblem.ROWS) {
          throw e;
        }
        database.rollback();
        if (entries.size() > 1) {
          part = entries.size() / 2;
        } else {
          batch.replaceFirst(
              entries.get(0).refused(ErrorCode.NOT_STORABLE, String.valueOf(e.getMessage())));
        }
      }
    }
  }

  private void write(List<Entry> entries) throws SQLException {
    List<Entry> refused = entries.stream().filter(entry -> entry.refusal() != null).toList();
    Map<TopicPartition, Long> next = new HashMap<>();
    entries.forEach(entry -> next.put(entry.partition(), entry.record().offset() + 1));
    Connection connection = database.connection();
    Map<Table, Long> written = database.writer().write(entries);
    positions.move(connection, next);
    if (!refused.isEmpty()) {
      // Before the offsets have moved: a failure in between writes them twice, and loses none.
      refusals.send(refused);
    }
    connection.commit();
    positions.moved(next);
    figures.written(written, entries.size());
    if (!refused.isEmpty()) {
      tellRefused(refused);
    }
    tellKafka(next);
  }

  private void tellRefused(List<Entry> refused) {
    boolean first = figures.deadLetters() == 0;
    figures.refused(refused);
    tally.add(refused);
    if (first) {
      Entry one = refused.get(0);
      say(
          "A record of %s cannot be copied to PostgreSQL and is a dead letter: %s",
          one.partition(), one.refusal() == null ? "" : one.refusal().detail());
    }
  }

  /** For those who look at the lag of the group; where this goes on is in the database. */
  private void tellKafka(Map<TopicPartition, Long> next) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    next.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
    consumer.commitAsync(
        offsets,
        (told, e) -> {
          if (e != null) {
            LOG.debug("the offsets in Kafka are behind those in the database: {}", e.toString());
          }
        });
  }

  /** Reads again from where the database says. */
  private void restart() {
    restarts++;
    read.clear();
    batch.clear();
    part = Integer.MAX_VALUE;
    positions.forgetAll();
    consumer.pause(consumer.assignment());
  }

  private void succeeded() {
    Duration away = backoff.succeeded();
    figures.away(0);
    if (!away.isZero()) {
      say("Copying to PostgreSQL goes on after %,d s.", away.toSeconds());
    }
  }

  private void failed(String who, Exception e) {
    figures.failed();
    LOG.debug("{} failed", who, e);
    if (backoff.failed()) {
      say(
          "%s does not do what is needed to copy to PostgreSQL: %s. It is tried again until it does. Nothing is lost as long as the topics keep their records, and forecasts are made and written as before.",
          who, oneLine(e));
    }
    Duration away = backoff.failing();
    figures.away(away.toMillis());
    Duration most = setup.settings().giveUpAfter();
    if (most != null && away.compareTo(most) >= 0) {
      throw new UnfitServerException(
          "%s must do what is needed within postgres.give-up-after=%s: %s"
              .formatted(who, most, oneLine(e)),
          e);
    }
  }

  private static String oneLine(Exception e) {
    return oneLine(String.valueOf(e.getMessage()));
  }

  /** What somebody else has worded, as part of a sentence. */
  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ").replaceFirst("\\.$", "");
  }

  private void say(String text, Object... values) {
    setup.say().accept(String.format(Locale.ROOT, text, values));
  }

  @Override
  public void close() {
    consumer.close();
    refusals.close();
    database.close();
  }

  /** Partitions come and go. What was read of those that go is somebody else's. */
  private final class Rebalances implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      joined = true;
      // They are read once it is known from where, which the database says, and not the group.
      consumer.seekToBeginning(partitions);
      consumer.pause(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      if (!partitions.isEmpty()) {
        restart();
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      onPartitionsRevoked(partitions);
    }
  }
}
