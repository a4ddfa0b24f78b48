package io.tidecast.flink.config;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.anomalies.AnomaliesSettings;
import io.tidecast.flink.commands.CommandSettings;
import io.tidecast.flink.covariates.CovariateSettings;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.gauges.GaugeSettings;
import io.tidecast.flink.inference.InferenceSettings;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.mixture.MixtureSettings;
import io.tidecast.flink.model.ModelSettings;
import io.tidecast.flink.promotion.PromotionSettings;
import io.tidecast.flink.scores.ScoresSettings;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.flink.sink.CellsSettings;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.source.RequestSettings;
import io.tidecast.flink.source.SourceSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole job: the settings of its rooms, found good together. {@link JobFile} makes it of a file,
 * {@link #builder} in a program. Postgres is null where nothing is copied to PostgreSQL.
 *
 * <p>Immutable. {@link #toString} shows no value of a Kafka property, and no password of a URI.
 */
public record JobConfig(
    KafkaSettings kafka,
    SourceSettings source,
    SeriesSettings series,
    CovariateSettings covariates,
    RequestSettings requests,
    CommandSettings commands,
    ModelSettings model,
    InferenceSettings inference,
    SinkSettings sink,
    DeadLetterSettings deadLetters,
    ScoresSettings scores,
    MixtureSettings mixture,
    CellsSettings cells,
    @Nullable PostgresSettings postgres,
    AnomaliesSettings anomalies,
    PromotionSettings promotion,
    GaugeSettings gauges,
    Checkpoints checkpoints,
    Job job) {

  public JobConfig {
    requireNonNull(kafka, "kafka is null");
    requireNonNull(source, "source is null");
    requireNonNull(series, "series is null");
    requireNonNull(covariates, "covariates is null");
    requireNonNull(requests, "requests is null");
    requireNonNull(commands, "commands is null");
    requireNonNull(model, "model is null");
    requireNonNull(inference, "inference is null");
    requireNonNull(sink, "sink is null");
    requireNonNull(deadLetters, "deadLetters is null");
    requireNonNull(scores, "scores is null");
    requireNonNull(mixture, "mixture is null");
    requireNonNull(cells, "cells is null");
    requireNonNull(anomalies, "anomalies is null");
    requireNonNull(promotion, "promotion is null");
    requireNonNull(gauges, "gauges is null");
    requireNonNull(checkpoints, "checkpoints is null");
    requireNonNull(job, "job is null");
  }

  /** A job made in a program, under the rules and with the defaults of the job file. */
  public static JobBuilder builder() {
    return new JobBuilder();
  }

  /** Says what is not wrong, but may not be what was meant; a sentence each. */
  public List<String> notices() {
    List<String> notices = new ArrayList<>(KafkaProperties.notices(kafka));
    if (source.format() instanceof SourceFormat.Avro avro
        && avro.written() instanceof Written.OneId) {
      notices.add(
          "The schema of source.avro-schema is taken for the one that the first records of the topic name, and records that name another become dead letters; source.avro-schemas or registry.url would tell which is which.");
    }
    return notices;
  }

  /**
   * Returns the job with records of another format.
   *
   * @param format of the observations
   */
  public JobConfig reading(SourceFormat format) {
    return reading(source.with(format));
  }

  /** Returns the job reading from the beginning up to now, if it does not end before by itself. */
  public JobConfig ofHistory() {
    return reading(source.ofHistory());
  }

  private JobConfig reading(SourceSettings other) {
    return new JobConfig(
        kafka,
        other,
        series,
        covariates,
        requests,
        commands,
        model,
        inference,
        sink,
        deadLetters,
        scores,
        mixture,
        cells,
        postgres,
        anomalies,
        promotion,
        gauges,
        checkpoints,
        job);
  }

  /**
   * When the job takes checkpoints, and where it keeps them.
   *
   * @param directory null for the cluster's own setting
   */
  public record Checkpoints(Duration interval, @Nullable URI directory) {

    public Checkpoints {
      requireNonNull(interval, "interval is null");
    }

    /** Shows the directory without a name and a password, or a query, which may hold a key. */
    @Override
    public String toString() {
      return "Checkpoints[interval=%s, directory=%s]".formatted(interval, shown(directory));
    }

    private static String shown(@Nullable URI uri) {
      return uri == null
          ? "null"
          : uri.toString().replaceFirst("//[^/]*@", "//***@").replaceFirst("[?#].*", "?***");
    }
  }

  /**
   * The job as Flink sees it.
   *
   * @param bufferTimeout that records wait at most for others on their way between subtasks
   */
  public record Job(String name, int parallelism, Duration bufferTimeout) {

    public Job {
      requireNonNull(name, "name is null");
      requireNonNull(bufferTimeout, "bufferTimeout is null");
    }
  }
}
