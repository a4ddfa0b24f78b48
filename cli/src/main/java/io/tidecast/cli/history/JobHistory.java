package io.tidecast.cli.history;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.job.NoAnswer;
import io.tidecast.cli.job.TopicReader;
import io.tidecast.cli.meter.JobMeter;
import io.tidecast.evaluation.data.SeriesSet;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.flink.HistoryJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.history.History;
import io.tidecast.flink.history.History.ReadRange;
import io.tidecast.flink.history.HistoryException;
import io.tidecast.flink.history.HistorySeries;
import io.tidecast.flink.metrics.JobMetric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The cells that a job has made of its topics, or files, up to now. The job's own operators make
 * them, in this process; nothing is written to Kafka, and no offset is committed.
 *
 * @param history the cells, in a folder
 * @param covariates what is known of covariates of a topic, in a folder; of no series where no
 *     topic has any
 */
public record JobHistory(JobConfig config, History history, History covariates) {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_TOLD = 10;
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final long TELL_NANOS = Duration.ofSeconds(5).toNanos();

  /**
   * Reads everything anew.
   *
   * @param contextLength cells that the model takes, or will
   * @param folder for the cells; made if it is not there
   * @param says is told how far it is, in sentences
   * @throws CliException if there is nothing to read, or it cannot be read
   */
  public static JobHistory read(
      JobConfig config, int contextLength, Path folder, Consumer<String> says) {
    requireRecords(config);
    try {
      Files.createDirectories(HistoryJob.covariates(folder));
      long began = System.nanoTime();
      run(config, contextLength, folder, says);
      JobHistory read =
          new JobHistory(
              config,
              History.of(folder, config.series().step(), config.series().channels()),
              History.of(
                  HistoryJob.covariates(folder),
                  config.series().step(),
                  Covariates.inTopic(config).size()));
      read.requireSeries();
      says.accept(read.summary((System.nanoTime() - began) / 1e9));
      read.counts().forEach(says);
      read.rejections().forEach(says);
      return read;
    } catch (HistoryException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes the cells of a folder that {@link History#isIn holds} some. */
  public static JobHistory open(JobConfig config, Path folder) {
    try {
      return new JobHistory(
          config, History.open(folder), History.open(HistoryJob.covariates(folder)));
    } catch (HistoryException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(JobConfig config, int contextLength, Path folder, Consumer<String> says) {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    HistoryJob.build(environment, config, contextLength, folder);
    Configuration cluster = new Configuration();
    JobMeter meter = JobMeter.of(cluster);
    try (StopSignal stop = StopSignal.install();
        EmbeddedFlink flink = EmbeddedFlink.start(config.job().parallelism(), cluster)) {
      EmbeddedFlink.Job job = flink.submit(environment.getStreamGraph());
      long told = System.nanoTime();
      while (!job.finished()) {
        if (stop.await(LOOK)) {
          throw new CliException("stopped while the history of the job was read");
        }
        if (System.nanoTime() - told > TELL_NANOS) {
          told = System.nanoTime();
          says.accept(
              String.format(
                  Locale.ROOT,
                  "Read %,d records so far, of %,d series.",
                  meter.figures().sum(JobMetric.RECORDS_READ),
                  meter.figures().sum(JobMetric.SERIES)));
        }
      }
    }
  }

  /** Better before a cluster starts than after. */
  private static void requireRecords(JobConfig config) {
    List<String> topics = config.source().topics().names();
    if (config.source().format() instanceof SourceFormat.Csv || topics.isEmpty()) {
      return;
    }
    requireRecords(config, "source.topic", topics);
    Feed feed = config.covariates().feed();
    if (feed != null) {
      requireRecords(config, "covariates.topic", List.of(feed.topic()));
    }
  }

  private static void requireRecords(JobConfig config, String key, List<String> topics) {
    try (TopicReader reader = TopicReader.ofTopics(config.kafka(), topics, PATIENCE)) {
      List<String> missing =
          topics.stream()
              .filter(
                  topic -> reader.partitions().stream().noneMatch(one -> one.topic().equals(topic)))
              .toList();
      if (!missing.isEmpty()) {
        throw new CliException(
            "there must be a topic to read the history from: %s=%s at %s"
                .formatted(key, String.join(", ", missing), config.kafka().bootstrapServers()));
      }
      Map<TopicPartition, Long> begin = reader.begin();
      long records =
          reader.end().entrySet().stream()
              .mapToLong(one -> one.getValue() - begin.getOrDefault(one.getKey(), 0L))
              .sum();
      if (records == 0) {
        throw new CliException(
            "the topic must hold records, it is empty: %s=%s at %s"
                .formatted(key, String.join(", ", topics), config.kafka().bootstrapServers()));
      }
    } catch (KafkaException e) {
      throw NoAnswer.of(config, e);
    }
  }

  private void requireSeries() {
    if (history.series().isEmpty()) {
      throw new CliException(
          history.rejected().isEmpty()
              ? "there must be a closed cell with a value, and there is none in %s"
                  .formatted(config.source().origin())
              : "there must be an observation that can be used in %s: %s; tidecast check --config says more"
                  .formatted(config.source().origin(), String.join("; ", rejections())));
    }
  }

  private String summary(double seconds) {
    return String.format(
        Locale.ROOT,
        "Read %,d observations of %s up to %s: %,d series, %,d closed cells, of which %,d have a value (%.1f s).",
        history.read().stream().mapToLong(ReadRange::observations).sum(),
        config.source().origin(),
        Instant.ofEpochMilli(
            history.read().stream().mapToLong(ReadRange::lastMillis).max().orElseThrow()),
        history.series().size(),
        history.series().stream().mapToLong(HistorySeries::cells).sum(),
        history.series().stream().mapToLong(HistorySeries::valued).sum(),
        seconds);
  }

  /** Of several series, a line for each of the first few. */
  private List<String> counts() {
    int all = history.series().size();
    List<String> counts = new ArrayList<>();
    if (all > 1) {
      for (HistorySeries one : history.series().subList(0, Math.min(all, MOST_TOLD))) {
        counts.add(
            String.format(
                Locale.ROOT,
                "  %s: %,d cells from %s on, %,d of them empty",
                one.name(),
                one.cells(),
                Instant.ofEpochMilli(one.firstMillis()),
                one.cells() - one.valued()));
      }
    }
    if (all > MOST_TOLD) {
      counts.add(String.format(Locale.ROOT, "  and %,d more series", all - MOST_TOLD));
    }
    return counts;
  }

  private List<String> rejections() {
    return history.rejected().stream()
        .map(
            one ->
                String.format(
                    Locale.ROOT,
                    "%,d records are %s and in no series, the first: %s",
                    one.count(),
                    one.code(),
                    one.first()))
        .toList();
  }

  /** What was read, a line for each partition or file, in Markdown. */
  public String describe() {
    return history.read().stream()
        .map(
            one ->
                String.format(
                    Locale.ROOT,
                    "- `%s`, %s %d to %d: %,d observations from %s to %s",
                    one.topic(),
                    config.source().format() instanceof SourceFormat.Csv
                        ? "lines"
                        : "partition " + one.partition() + ", offsets",
                    one.first(),
                    one.last(),
                    one.observations(),
                    Instant.ofEpochMilli(one.firstMillis()),
                    Instant.ofEpochMilli(one.lastMillis())))
        .collect(Collectors.joining("\n"));
  }

  /** The same for a manifest. */
  public List<Map<String, Object>> toList() {
    return history.read().stream()
        .map(
            one -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("topic", one.topic());
              entry.put("partition", one.partition());
              entry.put("firstOffset", one.first());
              entry.put("lastOffset", one.last());
              entry.put("from", Instant.ofEpochMilli(one.firstMillis()).toString());
              entry.put("to", Instant.ofEpochMilli(one.lastMillis()).toString());
              return entry;
            })
        .toList();
  }

  /**
   * Reads the cells of the series into memory, after what they observe the covariates of the job,
   * topic's first. Left out are series without any value of a channel that is needed: no window of
   * them is whole.
   *
   * @param channels names of what a series observes
   * @param needed names of the channels, covariates among them, that a model takes
   * @param says is told in a sentence of the series that are left out
   * @throws CliException if all are
   */
  public SeriesSet series(List<String> channels, List<String> needed, Consumer<String> says) {
    Map<String, TimeSeries> all = new LinkedHashMap<>();
    Map<String, String> lacking = new LinkedHashMap<>();
    try {
      Covariates known = new Covariates(this);
      for (HistorySeries one : history.series()) {
        TimeSeries series =
            known.beside(
                one.name(),
                new TimeSeries(
                    channels, one.firstMillis(), config.series().step(), history.values(one)));
        List<String> empty =
            series.channels().stream()
                .filter(needed::contains)
                .filter(name -> series.isEmpty(series.channels().indexOf(name)))
                .toList();
        if (empty.isEmpty()) {
          all.put(one.name(), series);
        } else {
          lacking.put(one.name(), empty.get(0));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!lacking.isEmpty()) {
      says.accept(leftOut(lacking));
    }
    if (all.isEmpty()) {
      throw new CliException(
          "there must be a series with a value of every channel, and there is none in "
              + config.source().origin());
    }
    long rows = history.read().stream().mapToLong(ReadRange::observations).sum();
    long missing = all.values().stream().mapToLong(TimeSeries::missing).sum();
    return new SeriesSet(all, new SeriesSet.Counts(rows, missing, 0, 0));
  }

  /** Says that series lack a channel, which is named beside each. */
  private static String leftOut(Map<String, String> lacking) {
    Map.Entry<String, String> first = lacking.entrySet().iterator().next();
    return lacking.size() == 1
        ? "Series %s is left out: it has no value of %s."
            .formatted(first.getKey(), first.getValue())
        : String.format(
            Locale.ROOT,
            "%,d series are left out, each of which has no value of some channel; the first is %s, which has none of %s.",
            lacking.size(),
            first.getKey(),
            first.getValue());
  }
}
