package io.tidecast.flink.config;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.covariates.CovariateConfig;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.grid.CellRule;
import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.series.ColdStart;
import io.tidecast.flink.series.Retention;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The job file, read and checked. Every key is described in {@code docs/configuration.md}.
 *
 * <p>Immutable. {@link #toString} shows no value of a Kafka property.
 */
public record JobConfig(
    Kafka kafka,
    Source source,
    Series series,
    CovariateConfig covariates,
    Requests requests,
    Model model,
    Sink sink,
    DeadLetters deadLetters,
    Checkpoints checkpoints,
    Job job) {

  public JobConfig {
    requireNonNull(kafka, "kafka is null");
    requireNonNull(source, "source is null");
    requireNonNull(series, "series is null");
    requireNonNull(covariates, "covariates is null");
    requireNonNull(requests, "requests is null");
    requireNonNull(model, "model is null");
    requireNonNull(sink, "sink is null");
    requireNonNull(deadLetters, "deadLetters is null");
    requireNonNull(checkpoints, "checkpoints is null");
    requireNonNull(job, "job is null");
  }

  /** The cluster. {@code properties} hold what Kafka's clients are told besides; maybe secrets. */
  public record Kafka(String bootstrapServers, Map<String, String> properties) {

    public Kafka {
      requireNonNull(bootstrapServers, "bootstrapServers is null");
      properties = Map.copyOf(properties);
    }

    @Override
    public String toString() {
      Map<String, String> hidden = new TreeMap<>(properties);
      hidden.replaceAll((name, value) -> "***");
      return "Kafka[bootstrapServers=" + bootstrapServers + ", properties=" + hidden + "]";
    }
  }

  /**
   * Where observations come from, and what they look like there.
   *
   * @param channels null where the channels of a record stay together
   */
  public record Source(
      Topics topics,
      String groupId,
      Start start,
      Stop stop,
      Duration maxOutOfOrderness,
      Duration idleTimeout,
      Duration maxFuture,
      SourceFormat format,
      ChannelSeries channels) {

    public Source {
      requireNonNull(topics, "topics is null");
      requireNonNull(groupId, "groupId is null");
      requireNonNull(start, "start is null");
      requireNonNull(stop, "stop is null");
      requireNonNull(maxOutOfOrderness, "maxOutOfOrderness is null");
      requireNonNull(idleTimeout, "idleTimeout is null");
      requireNonNull(maxFuture, "maxFuture is null");
      requireNonNull(format, "format is null");
    }

    /** Whether the job ends by itself. */
    public boolean isBounded() {
      return stop.kind() != StopKind.NEVER || format instanceof SourceFormat.Csv;
    }

    /** For people: the topics, or the files. */
    public String origin() {
      return format instanceof SourceFormat.Csv csv
          ? String.join(", ", csv.files())
          : topics.toString();
    }
  }

  /** Whether the channels of a series are forecast together. */
  public enum ChannelMode {
    /** They are one series of as many channels, on one grid. */
    JOINT,
    /** Each is a series of its own, forecast by a model of one channel. */
    INDEPENDENT
  }

  /**
   * The series that the channels of one record belong to: each to that of the record, followed by
   * the separator and its own name.
   *
   * @param names one per channel, in the order of the values
   */
  public record ChannelSeries(List<String> names, String separator) implements Serializable {

    public ChannelSeries {
      names = List.copyOf(names);
      requireNonNull(separator, "separator is null");
    }

    public String suffix(int channel) {
      return separator + names.get(channel);
    }

    public int longestSuffix() {
      return separator.length() + names.stream().mapToInt(String::length).max().orElseThrow();
    }
  }

  /**
   * Topics by name, or by a pattern; neither where there are files.
   *
   * @param names empty if there is a pattern
   * @param pattern of whole names; null if there are names
   */
  public record Topics(List<String> names, String pattern) {

    public Topics {
      names = List.copyOf(names);
    }

    /** For people: the names, or the pattern. */
    @Override
    public String toString() {
      return pattern == null ? String.join(", ", names) : pattern;
    }
  }

  /** Where a job without a checkpoint begins. */
  public enum Start {
    EARLIEST,
    LATEST,
    /** The group's offsets; the earliest where it has none. */
    COMMITTED
  }

  /** Whether a job over topics ends by itself. */
  public enum StopKind {
    NEVER,
    /** With the last record that there is at the start. */
    LATEST,
    /** Before the first record, of each partition, of a time. */
    TIME
  }

  /**
   * Where a job over topics ends.
   *
   * @param time of Kafka's records; null for the other kinds
   */
  public record Stop(StopKind kind, Instant time) {

    static final Stop NEVER = new Stop(StopKind.NEVER, null);

    public Stop {
      requireNonNull(kind, "kind is null");
    }
  }

  /** The grid of every series. */
  public record Series(
      GridStep step,
      int channels,
      Close close,
      Cadence cadence,
      CellRule cells,
      Gaps gaps,
      Lateness lateness,
      ColdStart coldStart,
      Retention retention) {

    public Series {
      requireNonNull(step, "step is null");
      requireNonNull(close, "close is null");
      requireNonNull(cadence, "cadence is null");
      requireNonNull(cells, "cells is null");
      requireNonNull(gaps, "gaps is null");
      requireNonNull(lateness, "lateness is null");
      requireNonNull(coldStart, "coldStart is null");
      requireNonNull(retention, "retention is null");
    }
  }

  /**
   * Where somebody asks for forecasts.
   *
   * @param topic null for nowhere
   */
  public record Requests(String topic) {

    public boolean isOn() {
      return topic != null;
    }
  }

  /**
   * What becomes of missing values.
   *
   * @param seasonCells null for the longest of a week and a day that is shorter than a context
   * @param constant units of the series
   */
  public record Gaps(
      Fill fill,
      Integer seasonCells,
      float constant,
      int maxFilledCells,
      int maxConsecutiveFilled) {

    public Gaps {
      requireNonNull(fill, "fill is null");
    }

    /** Most values of a context that may be filled, whatever its length. */
    public int fillableCells() {
      return fill == Fill.NONE ? 0 : maxFilledCells;
    }
  }

  /** What a missing value of a context is filled with. */
  public enum Fill {
    /** Nothing: there is no forecast from such a context. */
    NONE,
    PREVIOUS,
    LINEAR,
    SEASONAL,
    CONSTANT
  }

  /**
   * What becomes of observations of cells that are over.
   *
   * @param reissue whether forecasts from contexts that changed are made again
   * @param reissueOrigins how many of the newest
   */
  public record Lateness(Duration allowed, boolean reissue, int reissueOrigins) {

    public Lateness {
      requireNonNull(allowed, "allowed is null");
    }
  }

  /** What completes a cell. */
  public enum Close {
    /** Its first observation. */
    ARRIVAL,
    /** The watermark, or a later observation of the same series, passing its end. */
    WATERMARK,
    /** A value of every channel, the cells before being complete; else as {@link #WATERMARK}. */
    COMPLETE
  }

  /**
   * The model and how it runs.
   *
   * @param horizon steps ahead of every forecast; null for the model's prediction length
   * @param season of the baseline; null for the longest natural one that fits
   */
  public record Model(
      Path path,
      Integer horizon,
      int maxBatchSize,
      OnFailure onFailure,
      int retries,
      Duration timeout,
      Duration season,
      int intraOpThreads) {

    public Model {
      requireNonNull(path, "path is null");
      requireNonNull(onFailure, "onFailure is null");
      requireNonNull(timeout, "timeout is null");
    }
  }

  /** What becomes of a window that the model failed on. */
  public enum OnFailure {
    /** The baseline's forecast, marked as such. */
    FALLBACK,
    DEAD_LETTER
  }

  /** Where forecasts go. */
  public record Sink(
      String topic, Delivery delivery, String transactionalIdPrefix, Duration transactionTimeout) {

    public Sink {
      requireNonNull(topic, "topic is null");
      requireNonNull(delivery, "delivery is null");
      requireNonNull(transactionalIdPrefix, "transactionalIdPrefix is null");
      requireNonNull(transactionTimeout, "transactionTimeout is null");
    }
  }

  /** What a failure of the job may do to its output. */
  public enum Delivery {
    EXACTLY_ONCE,
    AT_LEAST_ONCE
  }

  /** Where rejected records and failed forecasts go. */
  public record DeadLetters(String topic, int maxValueBytes) {

    public DeadLetters {
      requireNonNull(topic, "topic is null");
    }

    /**
     * Bytes of the largest record that the topic must take: a whole value and what is around it.
     */
    public int maxRecordBytes() {
      return maxValueBytes + ConfigRules.DEAD_LETTER_OVERHEAD_BYTES;
    }
  }

  /**
   * @param directory null for the cluster's own setting
   */
  public record Checkpoints(Duration interval, URI directory) {

    public Checkpoints {
      requireNonNull(interval, "interval is null");
    }
  }

  /** The job as Flink sees it. */
  public record Job(String name, int parallelism) {

    public Job {
      requireNonNull(name, "name is null");
    }
  }

  /**
   * Reads a job file.
   *
   * @throws ConfigException if it cannot be read, or anything in it is wrong
   */
  public static JobConfig load(Path file) {
    String yaml;
    try {
      yaml = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(List.of("must be a readable file of UTF-8 text: " + file));
    }
    return parse(yaml);
  }

  /**
   * Reads the text of a job file.
   *
   * @throws ConfigException if anything in it is wrong
   */
  public static JobConfig parse(String yaml) {
    ConfigValues values = new ConfigValues(ConfigKeys.ALL, yaml);
    Topics topics = TopicRules.source(values);
    String deadLetters = TopicRules.deadLetters(values, topics);
    TopicRules.check(values, topics, deadLetters);
    SourceFormat format = MappingRules.observations(values, CovariateRules.grouped(values));
    CovariateConfig covariates = CovariateRules.config(values);
    ChannelSeries channels = ChannelRules.channelSeries(values);
    ConfigRules.check(values);
    if (!values.problems().isEmpty()) {
      throw new ConfigException(values.problems());
    }
    return new JobConfig(
        new Kafka(values.get(ConfigKeys.BOOTSTRAP_SERVERS), values.get(ConfigKeys.PROPERTIES)),
        new Source(
            topics,
            values.get(ConfigKeys.GROUP_ID),
            values.get(ConfigKeys.START),
            values.get(ConfigKeys.STOP),
            values.get(ConfigKeys.MAX_OUT_OF_ORDERNESS),
            values.get(ConfigKeys.IDLE_TIMEOUT),
            values.get(ConfigKeys.MAX_FUTURE),
            format,
            channels),
        series(values),
        covariates,
        new Requests(values.get(ConfigKeys.REQUESTS_TOPIC)),
        new Model(
            Path.of(values.get(ConfigKeys.MODEL_PATH)),
            values.get(ConfigKeys.HORIZON),
            values.get(ConfigKeys.MAX_BATCH_SIZE),
            values.get(ConfigKeys.ON_FAILURE),
            values.get(ConfigKeys.RETRIES),
            values.get(ConfigKeys.TIMEOUT),
            values.get(ConfigKeys.SEASON),
            values.get(ConfigKeys.INTRA_OP_THREADS)),
        new Sink(
            values.get(ConfigKeys.SINK_TOPIC),
            values.get(ConfigKeys.DELIVERY),
            values.get(ConfigKeys.TRANSACTIONAL_ID_PREFIX),
            values.get(ConfigKeys.TRANSACTION_TIMEOUT)),
        new DeadLetters(deadLetters, values.get(ConfigKeys.MAX_VALUE_BYTES)),
        new Checkpoints(
            values.get(ConfigKeys.CHECKPOINT_INTERVAL),
            values.get(ConfigKeys.CHECKPOINT_DIRECTORY)),
        new Job(values.get(ConfigKeys.JOB_NAME), values.get(ConfigKeys.PARALLELISM)));
  }

  private static Series series(ConfigValues values) {
    return new Series(
        values.get(ConfigKeys.STEP).in(values.get(ConfigKeys.ZONE)),
        values.get(ConfigKeys.CHANNELS),
        values.get(ConfigKeys.CLOSE),
        cadence(values),
        new CellRule(
            values.get(ConfigKeys.AGGREGATE),
            SeriesRules.duplicates(values),
            values.get(ConfigKeys.MAX_OBSERVATIONS)),
        new Gaps(
            values.get(ConfigKeys.FILL),
            values.get(ConfigKeys.FILL_SEASON),
            values.get(ConfigKeys.FILL_CONSTANT),
            values.get(ConfigKeys.MAX_FILLED_CELLS),
            values.get(ConfigKeys.MAX_CONSECUTIVE_FILLED)),
        new Lateness(
            values.get(ConfigKeys.ALLOWED_LATENESS),
            values.get(ConfigKeys.REISSUE),
            values.get(ConfigKeys.REISSUE_ORIGINS)),
        new ColdStart(values.get(ConfigKeys.MIN_CONTEXT), values.get(ConfigKeys.COLD_START)),
        new Retention(values.get(ConfigKeys.TIME_TO_LIVE), values.get(ConfigKeys.MAX_SERIES)));
  }

  private static Cadence cadence(ConfigValues values) {
    ZoneId zone = values.get(ConfigKeys.ZONE);
    return values.isGiven(ConfigKeys.FORECAST_AT)
        ? new Cadence(Cadence.NEVER, values.get(ConfigKeys.FORECAST_AT), zone)
        : new Cadence(values.get(ConfigKeys.FORECAST_EVERY), List.of(), zone);
  }
}
