package io.tidecast.postgres;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.postgres.rows.RowMaker;
import io.tidecast.postgres.rows.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what a job writes to its topics into PostgreSQL, on a thread of its own: a database that
 * is away delays the copy alone. Methods may be called from any thread.
 */
public final class PostgresCopier implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresCopier.class);

  /** Topics that the job makes are found within this time. */
  private static final Duration METADATA = Duration.ofSeconds(5);

  private static final String MOST_RECORDS = "2000";
  private static final Duration ADMIN_PATIENCE = Duration.ofSeconds(10);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  private final Consumer<String> say;
  private final Connector connector;
  private final CopyLoop loop;
  private final Admin admin;
  private final Set<String> topics;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread;
  private final @Nullable MetricsServer metrics;
  private volatile boolean stopping;
  private volatile boolean finishing;

  private PostgresCopier(JobConfig config, Consumer<String> say) {
    this.say = say;
    PostgresSettings settings = requireNonNull(config.postgres(), "postgres is null");
    Map<String, RowMaker> makers = Topics.of(config);
    this.topics = makers.keySet();
    this.admin = Admin.create(config.kafka().clientProperties(ClientKind.ANY));
    CopySetup setup =
        new CopySetup(makers, settings, this::topicId, say, Clock.systemUTC(), System::nanoTime);
    this.connector = new Connector(settings);
    this.loop =
        new CopyLoop(
            consumer(config.kafka(), settings.groupId()),
            setup,
            new Database(connector),
            new DeadLetters(config.kafka(), config.deadLetters()));
    String address = settings.metricsAddress();
    this.metrics = address == null ? null : MetricsServer.start(address, loop.figures());
    this.thread = new Thread(this::run, "postgres-copier");
    thread.setDaemon(true);
  }

  /**
   * Begins to copy what the job of a job file writes.
   *
   * @param config with {@code postgres.url}
   * @param say takes what people should know, a sentence each; called by the copier's thread
   * @throws IllegalStateException if the metrics cannot be served where they should be
   */
  public static PostgresCopier start(JobConfig config, Consumer<String> say) {
    PostgresCopier copier = new PostgresCopier(config, say);
    copier.thread.start();
    return copier;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka, String group) {
    Map<String, Object> properties = kafka.clientProperties(ClientKind.CONSUMER);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // It would go on behind deleted records without a word.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.putIfAbsent(
        ConsumerConfig.METADATA_MAX_AGE_CONFIG, Long.toString(METADATA.toMillis()));
    properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private String topicId(String topic) {
    try {
      Map<String, TopicDescription> described =
          admin
              .describeTopics(Set.of(topic))
              .allTopicNames()
              .get(ADMIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return requireNonNull(described.get(topic), "the topic is not described")
          .topicId()
          .toString();
    } catch (ExecutionException e) {
      throw new KafkaException("the topic must be there: %s: %s".formatted(topic, e.getCause()), e);
    } catch (TimeoutException e) {
      throw new KafkaException("Kafka must answer: asked for " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while Kafka was asked for " + topic, e);
    }
  }

  private void run() {
    try (loop;
        admin) {
      @Nullable Map<TopicPartition, Long> ends = null;
      @Nullable Long finishNanos = null;
      while (!stopping) {
        loop.step();
        if (!finishing) {
          continue;
        }
        finishNanos = finishNanos == null ? (Long) System.nanoTime() : finishNanos;
        if (ends == null && hasItsShare(finishNanos)) {
          ends = loop.ends();
        }
        stopping |= ends != null && loop.isDone(ends);
      }
      loop.flush();
      ended.complete(null);
    } catch (UnfitServerException e) {
      say.accept("Nothing more is copied to PostgreSQL: " + e.getMessage());
      ended.completeExceptionally(e);
    } catch (AuthorizationException e) {
      say.accept(
          "Nothing more is copied to PostgreSQL, for the user of kafka.properties lacks a right: %s; 'tidecast acls --for postgres' prints what it needs. After the next start the copy goes on where it was."
              .formatted(e.getMessage()));
      ended.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      LOG.error("the copier has failed", e);
      say.accept(
          "Nothing more is copied to PostgreSQL, for the copier has failed: %s. After the next start it goes on where it was."
              .formatted(e));
      ended.completeExceptionally(e);
    }
  }

  /** A topic that the job has just made is waited for; one that is not there is not. */
  private boolean hasItsShare(long sinceNanos) {
    return loop.hasJoined()
        && (loop.readsEveryTopic()
            || System.nanoTime() - sinceNanos > METADATA.multipliedBy(2).toNanos());
  }

  /** Names server and database for people. */
  public String place() {
    return connector.place();
  }

  /** The topics that are copied. */
  public Set<String> topics() {
    return topics;
  }

  /** What it has done so far. */
  public CopyFigures figures() {
    return loop.figures();
  }

  /** Why it has ended, where it did not go well; empty while it runs. */
  public Optional<String> failure() {
    if (!ended.isCompletedExceptionally()) {
      return Optional.empty();
    }
    try {
      ended.join();
      return Optional.empty();
    } catch (RuntimeException e) {
      Throwable cause = e.getCause();
      return Optional.of(String.valueOf(cause == null ? e : cause.getMessage()));
    }
  }

  /** Asks it to copy what is in the topics now, and to end then. */
  public void finish() {
    finishing = true;
  }

  /** Whether it has ended, well or not. */
  public boolean isEnded() {
    return ended.isDone();
  }

  /** Ends it after the transaction under way; what is left is copied after the next start. */
  @Override
  public void close() {
    stopping = true;
    if (metrics != null) {
      metrics.close();
    }
    try {
      ended.get(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      LOG.debug("it had ended", e);
    } catch (TimeoutException e) {
      // The thread does not hold up the process: the server undoes what it had begun.
      LOG.warn("the copier still waits for an answer, and is left behind");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
