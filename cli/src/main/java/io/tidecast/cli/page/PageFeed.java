package io.tidecast.cli.page;

import io.tidecast.cli.console.Failures;
import io.tidecast.cli.job.TopicReader;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.registry.RegistryException;
import io.tidecast.page.kept.PageBoard;
import io.tidecast.page.kept.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics of a job for a page, from some way back on, without a group: no other reader
 * notices. It goes on for as long as the page is there, whatever becomes of the job or the brokers.
 */
final class PageFeed implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration LOOK_FOR_MISSING = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

  /** So many records of each partition of before are read. */
  private static final long BACK = 20_000;

  /** Forecasts are large, unless each of their points is a record. */
  private static final long BACK_FORECASTS = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(PageFeed.class);

  private final JobConfig config;
  private final Consumer<String> say;
  private final Supplier<TopicReader> readers;
  private final PageTopics topics;
  private final PageBoard board;
  private final PageRecords records;
  private final Thread thread = new Thread(this::run, "tidecast-page-feed");
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** The next offset of each partition that was read. */
  private final Map<TopicPartition, Long> next = new HashMap<>();

  private boolean live;

  /** What nobody has foreseen and happened last; null where nothing did. */
  private @Nullable String stumble;

  /**
   * @param say takes what those at the console should know, a sentence each
   */
  PageFeed(JobConfig config, Shown shown, Consumer<String> say) {
    this(
        config,
        shown,
        say,
        () -> TopicReader.ofTopics(config.kafka(), PageTopics.of(config).all(), PATIENCE));
  }

  /**
   * @param readers opens the topics, whenever they are looked for anew
   */
  PageFeed(JobConfig config, Shown shown, Consumer<String> say, Supplier<TopicReader> readers) {
    this.config = config;
    this.say = say;
    this.readers = readers;
    this.topics = PageTopics.of(config);
    this.board = shown.board();
    this.records = new PageRecords(config, topics, shown.store(), this::made);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!isStopped(Duration.ZERO)) {
      try (TopicReader reader = readers.get()) {
        follow(reader);
      } catch (KafkaException | RegistryException e) {
        tell(
            List.of(
                "The page cannot read the topics at %s: %s%s. It tries again."
                    .formatted(
                        config.kafka().bootstrapServers(),
                        Failures.text(e),
                        e instanceof AuthorizationException
                            ? "; 'tidecast acls --for page' prints the rights that it needs"
                            : "")));
        isStopped(PAUSE);
      } catch (RuntimeException | Error e) {
        stumbled(e);
        isStopped(PAUSE);
      }
    }
  }

  /** Tells of what nobody has foreseen. A record that it began with was counted as read before. */
  private void stumbled(Throwable failure) {
    String sentence =
        "The page met an error that was not foreseen, and reads on; what it was about to show may be missing: %s. Forecasts are made and written as before. Please report it, with what the log says."
            .formatted(failure.toString().strip().replaceAll("\\s*\\R\\s*", "; "));
    if (!sentence.equals(stumble)) {
      stumble = sentence;
      LOG.error("the feed of the page has failed, and begins again", failure);
      say.accept(sentence);
    }
    board.show(new PageBoard.Reading(live, List.of(sentence)));
  }

  /** Reads until it is time to see whether there are more partitions. */
  private void follow(TopicReader reader) {
    List<String> missing = missing(reader);
    if (reader.partitions().isEmpty()) {
      tell(missing);
      isStopped(PAUSE);
      return;
    }
    Map<TopicPartition, Long> ends = reader.end();
    reader.follow(from(reader, ends));
    long lookNanos = System.nanoTime();
    Duration until = missing.isEmpty() ? LOOK_AGAIN : LOOK_FOR_MISSING;
    while (!isStopped(Duration.ZERO) && System.nanoTime() - lookNanos < until.toNanos()) {
      for (ConsumerRecord<byte[], byte[]> record : reader.next()) {
        next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        records.add(record);
      }
      records.settle();
      live = live || reader.isPast(ends);
      tell(missing);
    }
  }

  private Map<TopicPartition, Long> from(TopicReader reader, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> begins = reader.begin();
    Map<TopicPartition, Long> from = new HashMap<>();
    ends.forEach(
        (partition, end) -> {
          long begin = begins.getOrDefault(partition, 0L);
          long back = end - (isOfForecasts(partition.topic()) ? BACK_FORECASTS : BACK);
          from.put(partition, Math.max(begin, Math.min(end, next.getOrDefault(partition, back))));
        });
    return from;
  }

  private boolean isOfForecasts(String topic) {
    return records.areWhole()
        && (topic.equals(topics.forecasts()) || topic.equals(topics.shadows()));
  }

  private List<String> missing(TopicReader reader) {
    Set<String> absent = new HashSet<>(topics.all());
    reader.partitions().forEach(partition -> absent.remove(partition.topic()));
    return absent.stream()
        .sorted()
        .map(
            topic ->
                "There is no topic %s yet; 'tidecast run --create-topics' creates what the job writes to."
                    .formatted(topic))
        .toList();
  }

  /** Of those that were there before it is not known when they could be read. */
  private void made(long millis) {
    if (live) {
      board.took(Math.max(0, System.currentTimeMillis() - millis));
    }
  }

  private void tell(List<String> more) {
    List<String> sentences = new ArrayList<>(more);
    if (stumble != null) {
      sentences.add(stumble);
    }
    sentences.addAll(records.complaints());
    sentences.addAll(topics.lacking());
    board.show(new PageBoard.Reading(live, sentences));
  }

  private boolean isStopped(Duration within) {
    try {
      return stopped.await(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stopped.countDown();
      return true;
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
