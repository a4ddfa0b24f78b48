package io.tidecast.benchmarks.ledger;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the observations of a plan, round by round: one cell of every series, and one record that
 * nobody can read. It waits for a broker that is away, and sends each record once.
 *
 * <p>One thread calls it; the rounds are sent by one of its own.
 */
public final class Feed implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final String UNREADABLE = "unreadable-";

  private final Plan plan;
  private final String topic;
  private final AvroCodec<Observation> codec = AvroCodec.observations();
  private final Producer<byte[], byte[]> producer;
  private final Set<Place> unreadable = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Map<Integer, Long> sentNanos = new ConcurrentHashMap<>();
  private volatile int cells;
  private long sent;
  private @Nullable Thread running;
  private volatile boolean goesOn;

  /** Where a record is in its topic. */
  public record Place(int partition, long offset) {}

  public Feed(String bootstrapServers, String topic, Plan plan) {
    this.plan = plan;
    this.topic = topic;
    int patience = Math.toIntExact(PATIENCE.toMillis());
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "linger.ms",
                5,
                "batch.size",
                128 << 10,
                "delivery.timeout.ms",
                patience,
                "max.block.ms",
                patience,
                "request.timeout.ms",
                10_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Sends rounds from now on until it is paused. */
  public void start(double roundsPerSecond) {
    goesOn = true;
    long start = System.nanoTime();
    int first = cells;
    Thread thread =
        new Thread(
            () -> {
              try {
                while (goesOn) {
                  long due = start + Math.round((cells - first) / roundsPerSecond * 1e9);
                  long early = due - System.nanoTime();
                  if (early > 0) {
                    Thread.sleep(Duration.ofNanos(early).toMillis() + 1);
                  }
                  round();
                }
              } catch (InterruptedException | RuntimeException e) {
                failure.compareAndSet(null, e);
              }
            },
            "feed");
    thread.setDaemon(true);
    running = thread;
    thread.start();
  }

  /** Ends the sending and returns when the broker has all records. */
  public void pause() throws InterruptedException {
    goesOn = false;
    if (running != null) {
      running.join();
      running = null;
    }
    producer.flush();
    check();
  }

  /** Sends so many rounds as fast as it can; only while it is paused. */
  public void send(int rounds) {
    for (int i = 0; i < rounds; i++) {
      round();
    }
    producer.flush();
    check();
  }

  /** Sends one observation of a series that is none of the plan; only while it is paused. */
  public void sendStranger(String name) {
    send(name, new Observation(name, Plan.time(cells), List.of(1.0)));
  }

  /** Sends the next cell of one series with another value than the plan's; only while paused. */
  public void sendInstead(int index, float value) {
    int cell = cells;
    for (int i = 0; i < plan.series(); i++) {
      String name = Plan.name(i);
      double cellValue = i == index ? value : plan.value(i, cell);
      send(name, new Observation(name, Plan.time(cell), List.of(cellValue)));
    }
    cells = cell + 1;
    producer.flush();
    check();
  }

  private void round() {
    int cell = cells;
    sentNanos.put(cell, System.nanoTime());
    for (int i = 0; i < plan.series(); i++) {
      String name = Plan.name(i);
      send(name, new Observation(name, Plan.time(cell), List.of((double) plan.value(i, cell))));
    }
    sendUnreadable(cell);
    cells = cell + 1;
  }

  private void send(String key, Observation observation) {
    send(key, codec.encode(observation), null);
  }

  private void sendUnreadable(int number) {
    String key = UNREADABLE + number;
    send(key, key.getBytes(StandardCharsets.UTF_8), unreadable);
  }

  private void send(String key, byte[] value, @Nullable Set<Place> places) {
    sent++;
    var unused =
        producer.send(
            new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value),
            (metadata, exception) -> {
              if (exception != null) {
                failure.compareAndSet(null, exception);
              } else if (places != null) {
                places.add(new Place(metadata.partition(), metadata.offset()));
              }
            });
  }

  private void check() {
    Exception first = failure.get();
    if (first != null) {
      throw new IllegalStateException("the feed must send every record", first);
    }
  }

  /** Cells that every series has been sent. */
  public int cells() {
    return cells;
  }

  /**
   * How long ago the first cell was sent that has no answer.
   *
   * @param answered cells that have one, or need none
   */
  public Duration behind(int answered) {
    sentNanos.keySet().removeIf(cell -> cell < answered);
    long now = System.nanoTime();
    return Duration.ofNanos(now - sentNanos.getOrDefault(answered, now));
  }

  /** Records that were sent; only while it is paused. */
  public long sent() {
    return sent;
  }

  /** Says whether a record of this key is one that nobody can read. */
  public static boolean isUnreadable(String key) {
    return key.startsWith(UNREADABLE);
  }

  /** What was sent up to now, somebody else has answered; only while it is paused. */
  public void forgetUnreadable() {
    unreadable.clear();
  }

  /** Where the records are that nobody can read; each must become a dead letter. */
  public Set<Place> unreadable() {
    return unreadable;
  }

  @Override
  public void close() {
    goesOn = false;
    producer.close(Duration.ZERO);
  }
}
