package io.tidecast.flink.testing;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.covariates.CovariateSettings;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.schema.Written;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.source.ParseRules;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Small things that many tests need. */
public final class Samples {

  public static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
  public static final long STEP = 1_000;
  public static final GridStep GRID_STEP = GridStep.fixed(Duration.ofMillis(STEP));

  /** Four cells of context, two ahead, one channel. */
  public static final ForecasterSpec SPEC = new ForecasterSpec("testing", "7", 4, 2, 1, List.of());

  public static final Headers NO_HEADERS = new RecordHeaders();

  private Samples() {}

  /** A job over {@link #SPEC} with a step of a second; each line of YAML replaces a section. */
  public static JobConfig config(String... lines) {
    Map<String, String> sections = new TreeMap<>();
    sections.put("kafka", "kafka: {bootstrap-servers: \"127.0.0.1:9092\"}");
    sections.put("model", "model: {path: nowhere}");
    sections.put("series", "series: {step: 1s, max-filled-cells: 2}");
    for (String line : lines) {
      sections.put(line.substring(0, line.indexOf(':')), line);
    }
    return JobFile.parse(String.join("\n", sections.values()));
  }

  /** A job of one schema, once it has found out that its topic names that by an id. */
  public static JobConfig naming(JobConfig config, int id) {
    SourceFormat.Avro avro = (SourceFormat.Avro) config.source().format();
    return config.reading(
        new SourceFormat.Avro(
            avro.schema(), new Written.OneId(new SchemaRef.Id(id)), avro.mapping()));
  }

  public static byte[] observation(String series, long timeMillis, Double... values) {
    return AvroCodec.observations()
        .encode(
            Observation.newBuilder()
                .setSeries(series)
                .setTime(Instant.ofEpochMilli(timeMillis))
                .setValues(Arrays.asList(values))
                .build());
  }

  /** A parser that was opened, with the clock at {@link #NOW}. */
  public static ParseMeasurements parser(JobConfig config) {
    ParseMeasurements parser = closedParser(config);
    parser.open(null);
    return parser;
  }

  /** Of the observations of a job, as it is sent to the cluster. */
  public static ParseMeasurements closedParser(JobConfig config) {
    return new ParseMeasurements(
        ParseRules.observations(config.source(), config.series().channels(), config.deadLetters()),
        () -> NOW);
  }

  /** Of the covariates of a job, as it is sent to the cluster; up to a day ahead. */
  public static ParseMeasurements covariateParser(JobConfig config) {
    CovariateSettings.Feed feed = config.covariates().feed();
    return new ParseMeasurements(
        ParseRules.covariates(
            feed.format(),
            feed.names().size(),
            feed.keyedBy() != CovariateSettings.KeyedBy.GLOBAL,
            Duration.ofDays(1),
            config.deadLetters()),
        () -> NOW);
  }

  public static SourceRecord source(byte[] value) {
    return new SourceRecord("observations", 3, 42, NOW - 5, new byte[] {1, 2}, value);
  }

  public static Measurement measurement(String series, long timeMillis, float... values) {
    return new Measurement(source(new byte[] {9}).whole(1), series, timeMillis, doubles(values));
  }

  /** The same numbers. */
  public static double[] doubles(float... values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
