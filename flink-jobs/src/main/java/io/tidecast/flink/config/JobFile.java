package io.tidecast.flink.config;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidecast.flink.anomalies.AnomaliesSettings;
import io.tidecast.flink.config.anomaly.AnomalyRules;
import io.tidecast.flink.config.device.DeviceRules;
import io.tidecast.flink.config.gauge.GaugeRules;
import io.tidecast.flink.config.key.CsvKeys;
import io.tidecast.flink.config.key.SinkKeys;
import io.tidecast.flink.config.promotion.PromotionRules;
import io.tidecast.flink.config.schema.RegistryRules;
import io.tidecast.flink.config.schema.SchemaLookup;
import io.tidecast.flink.config.slot.SlotRules;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.covariates.CovariateSettings;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.inference.BatchSettings;
import io.tidecast.flink.inference.InferenceSettings;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.model.ModelSettings;
import io.tidecast.flink.model.SlotSettings;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.scores.ScoresSettings;
import io.tidecast.flink.secret.Secrets;
import io.tidecast.flink.series.ColdStart;
import io.tidecast.flink.series.Lateness;
import io.tidecast.flink.series.Retention;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.flink.sink.CellsSettings;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.record.SinkSchemas;
import io.tidecast.flink.source.ChannelSeries;
import io.tidecast.flink.source.RequestSettings;
import io.tidecast.flink.source.SourceSettings;
import io.tidecast.flink.source.Topics;
import io.tidecast.runtime.context.GapSettings;
import io.tidecast.runtime.serving.RunLimits;
import io.tidecast.runtime.serving.ServingOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;

/** Reads job files. Every key is described in {@code docs/configuration.md}. */
public final class JobFile {

  private JobFile() {}

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
    return parse(yaml, Secrets.ofThisProcess());
  }

  /**
   * Reads it likewise.
   *
   * @param secrets what references in it stand for
   */
  static JobConfig parse(String yaml, Secrets secrets) {
    return config(new ConfigValues(ConfigKeys.ALL, yaml, secrets), SchemaLookup::open);
  }

  /**
   * Reads it likewise, with a schema registry that the caller opens.
   *
   * @throws ConfigException if anything in it is wrong
   */
  public static JobConfig parse(
      String yaml, Function<RegistrySettings, SchemaRegistry> registries) {
    return config(new ConfigValues(ConfigKeys.ALL, yaml, Secrets.ofThisProcess()), registries);
  }

  /**
   * What the values of the keys say together.
   *
   * @throws ConfigException if anything of it is wrong
   */
  static JobConfig config(
      ConfigValues values, Function<RegistrySettings, SchemaRegistry> registries) {
    RegistryRules.check(values);
    SchemaLookup lookup = new SchemaLookup(values, registries);
    Topics topics = TopicRules.source(values);
    String deadLetters = TopicRules.deadLetters(values, topics);
    TopicRules.check(values, topics, deadLetters);
    SourceFormat format = MappingRules.observations(values, lookup);
    CovariateSettings covariates = CovariateRules.config(values, lookup);
    ChannelSeries channels = ChannelRules.channelSeries(values);
    List<SlotSettings> models = SlotRules.slots(values);
    ConfigRules.check(values);
    KafkaSettings kafka = KafkaProperties.of(values);
    refuse(values);
    SinkSettings.Kafka sink = SinkRules.sink(values);
    DeadLetterSettings letters =
        SinkRules.deadLetters(values, requireNonNull(deadLetters, "deadLetters is null"));
    ScoresSettings scores = ScoreRules.scores(values);
    CellsSettings cells = new CellsSettings(values.get(SinkKeys.CELLS_TOPIC));
    AnomaliesSettings anomalies = AnomalyRules.anomalies(values);
    SinkRules.checkSchemas(
        sink,
        letters,
        new SinkSchemas.Topics(scores.topic(), cells.topic(), anomalies.topic()),
        lookup);
    refuse(values);
    return new JobConfig(
        requireNonNull(kafka, "kafka is null"),
        new SourceSettings(
            requireNonNull(topics, "topics is null"),
            values.require(ConfigKeys.GROUP_ID),
            TopicRules.start(values),
            values.require(ConfigKeys.STOP),
            values.require(CsvKeys.ORDER),
            values.require(ConfigKeys.MAX_OUT_OF_ORDERNESS),
            values.require(ConfigKeys.IDLE_TIMEOUT),
            values.require(ConfigKeys.MAX_FUTURE),
            requireNonNull(format, "format is null"),
            channels,
            values.require(SinkKeys.PASS_HEADERS)),
        series(values),
        requireNonNull(covariates, "covariates is null"),
        new RequestSettings(values.get(ConfigKeys.REQUESTS_TOPIC)),
        CommandRules.settings(values),
        new ModelSettings(
            values.require(ConfigKeys.MODEL_PATH),
            values.get(ConfigKeys.HORIZON),
            values.get(ConfigKeys.SEASON),
            values.require(ConfigKeys.INTRA_OP_THREADS),
            DeviceRules.options(values, values.require(ConfigKeys.MAX_BATCH_SIZE)),
            models),
        new InferenceSettings(
            new BatchSettings(
                values.require(ConfigKeys.MAX_BATCH_SIZE),
                values.require(ConfigKeys.MAX_BATCH_DELAY),
                requireNonNullElse(
                    values.get(ConfigKeys.WORKERS), ServingOptions.AS_MANY_AS_USERS)),
            values.require(ConfigKeys.ON_FAILURE),
            values.require(ConfigKeys.RETRIES),
            values.require(ConfigKeys.TIMEOUT),
            new RunLimits(
                ConfigRules.runTimeout(values), values.require(ConfigKeys.GIVE_UP_AFTER))),
        sink,
        letters,
        scores,
        MixtureRules.settings(values),
        cells,
        PostgresRules.postgres(values),
        anomalies,
        PromotionRules.settings(values),
        GaugeRules.settings(values),
        new JobConfig.Checkpoints(
            values.require(ConfigKeys.CHECKPOINT_INTERVAL),
            values.get(ConfigKeys.CHECKPOINT_DIRECTORY)),
        new JobConfig.Job(
            values.require(ConfigKeys.JOB_NAME),
            values.require(ConfigKeys.PARALLELISM),
            SinkRules.bufferTimeout(values)));
  }

  private static void refuse(ConfigValues values) {
    if (!values.problems().isEmpty()) {
      throw new ConfigException(values.problems());
    }
  }

  private static SeriesSettings series(ConfigValues values) {
    return new SeriesSettings(
        GridRules.step(values),
        values.require(ConfigKeys.CHANNELS),
        values.get(ConfigKeys.CONTEXT),
        CellRules.close(values),
        cadence(values),
        CellRules.cells(values),
        new GapSettings(
            CellRules.fill(values),
            values.get(ConfigKeys.FILL_SEASON),
            values.require(ConfigKeys.FILL_CONSTANT),
            values.require(ConfigKeys.MAX_FILLED_CELLS),
            values.require(ConfigKeys.MAX_CONSECUTIVE_FILLED)),
        new Lateness(
            values.require(ConfigKeys.MAX_OUT_OF_ORDERNESS),
            values.require(ConfigKeys.ALLOWED_LATENESS),
            values.require(ConfigKeys.REISSUE),
            values.require(ConfigKeys.REISSUE_ORIGINS)),
        new ColdStart(values.get(ConfigKeys.MIN_CONTEXT), values.require(ConfigKeys.COLD_START)),
        new Retention(values.get(ConfigKeys.TIME_TO_LIVE), values.get(ConfigKeys.MAX_SERIES)),
        CellRules.silence(values),
        values.isGiven(ConfigKeys.REQUESTS_TOPIC),
        MappingRules.groupedBy(values) != null);
  }

  private static Cadence cadence(ConfigValues values) {
    ZoneId zone = values.require(ConfigKeys.ZONE);
    return values.isGiven(ConfigKeys.FORECAST_AT)
        ? new Cadence(Cadence.NEVER, values.require(ConfigKeys.FORECAST_AT), zone)
        : new Cadence(values.require(ConfigKeys.FORECAST_EVERY), List.of(), zone);
  }
}
