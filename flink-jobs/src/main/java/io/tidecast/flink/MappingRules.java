package io.tidecast.flink;

import io.tidecast.flink.JobConfig.Close;
import io.tidecast.flink.Mapping.MissingValues;
import io.tidecast.flink.Mapping.Named;
import io.tidecast.flink.Mapping.SeriesFields;
import io.tidecast.flink.Mapping.TimeField;
import io.tidecast.flink.Mapping.ValueFields;
import io.tidecast.flink.Mapping.Wide;
import io.tidecast.flink.SourceFormat.Framing;
import io.tidecast.flink.SourceFormat.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * What must hold between the keys of format and mapping, and what they say together. A key that was
 * refused by itself breaks no rule here. One thread.
 */
final class MappingRules {

  private static final List<ConfigKey<?>> OF_AVRO =
      List.of(ConfigKeys.AVRO_SCHEMA, ConfigKeys.AVRO_FRAMING);
  private static final List<ConfigKey<?>> OF_MAPPINGS =
      ConfigKeys.ALL.stream().filter(key -> key.path().startsWith("source.mapping.")).toList();

  /** What a file has no use for. */
  private static final List<ConfigKey<?>> NOT_OF_CSV =
      List.of(
          ConfigKeys.SOURCE_TOPIC,
          ConfigKeys.TOPIC_PATTERN,
          ConfigKeys.GROUP_ID,
          ConfigKeys.START,
          ConfigKeys.STOP,
          ConfigKeys.IDLE_TIMEOUT,
          ConfigKeys.NUMERIC_STRINGS);

  private static final List<ConfigKey<?>> OF_NAMED =
      List.of(ConfigKeys.MAPPING_NAME, ConfigKeys.MAPPING_VALUE, ConfigKeys.CHANNEL_NAMES);

  /** What names the series of independent channels, whatever the format. */
  private static final List<ConfigKey<?>> OF_INDEPENDENT =
      List.of(
          ConfigKeys.CHANNEL_NAMES,
          ConfigKeys.SERIES_SEPARATOR,
          ConfigKeys.MAPPING_NAME,
          ConfigKeys.MAPPING_VALUE);

  private final ConfigValues values;

  MappingRules(ConfigValues values) {
    this.values = values;
  }

  /** The format; null if it is wrong, and the values have a problem more. */
  SourceFormat format() {
    Kind kind = values.get(ConfigKeys.FORMAT);
    if (kind == null) {
      return null;
    }
    if (kind != Kind.AVRO) {
      OF_AVRO.forEach(this::refuse);
    }
    if (kind == Kind.CSV) {
      NOT_OF_CSV.forEach(this::refuse);
      need(ConfigKeys.FILES);
    } else {
      refuse(ConfigKeys.FILES);
    }
    return switch (kind) {
      case TIDECAST -> {
        boolean independent = ChannelRules.independent(values);
        OF_MAPPINGS.stream()
            .filter(key -> !independent || !OF_INDEPENDENT.contains(key))
            .forEach(this::refuse);
        yield new SourceFormat.Tidecast();
      }
      case JSON -> {
        Mapping mapping = mapping(null);
        yield mapping == null ? null : new SourceFormat.Json(mapping);
      }
      case CSV -> {
        Mapping mapping = mapping(null);
        List<String> files = values.get(ConfigKeys.FILES);
        yield mapping == null || files == null ? null : new SourceFormat.Csv(files, mapping);
      }
      case AVRO -> {
        Schema schema = schema();
        Mapping mapping = mapping(schema);
        Framing framing = values.get(ConfigKeys.AVRO_FRAMING);
        yield schema == null || framing == null || mapping == null
            ? null
            : new SourceFormat.Avro(schema, framing, mapping);
      }
    };
  }

  /**
   * @param schema of Avro records; null for other records
   */
  private Mapping mapping(Schema schema) {
    need(ConfigKeys.MAPPING_SERIES);
    need(ConfigKeys.MAPPING_TIME);
    ValueFields fields = valueFields();
    boolean csv = values.get(ConfigKeys.FORMAT) == Kind.CSV;
    boolean texts = csv || Boolean.TRUE.equals(values.get(ConfigKeys.NUMERIC_STRINGS));
    FieldRules rules = new FieldRules(values, schema, texts);
    rules.checkSeries();
    rules.checkValues();
    TimeField time = rules.time();
    rules.checkPlaces(csv);
    List<FieldPath> series = values.get(ConfigKeys.MAPPING_SERIES);
    String separator = values.get(ConfigKeys.SERIES_SEPARATOR);
    MissingValues missing = values.get(ConfigKeys.MISSING_VALUES);
    boolean whole = Stream.of(series, separator, missing, fields, time).allMatch(Objects::nonNull);
    return whole
        ? new Mapping(new SeriesFields(series, separator), time, fields, missing, texts)
        : null;
  }

  private ValueFields valueFields() {
    List<FieldPath> paths = values.get(ConfigKeys.MAPPING_VALUES);
    if (ChannelRules.independent(values)) {
      need(ConfigKeys.MAPPING_VALUES);
      List<String> names = values.get(ConfigKeys.CHANNEL_NAMES);
      if (paths != null && names != null && paths.size() != names.size()) {
        values.problem(
            "must have one entry per entry of source.mapping.channel-names=%s: source.mapping.values=%s"
                .formatted(names, paths));
      }
      return paths == null ? null : new Wide(paths);
    }
    if (OF_NAMED.stream().anyMatch(values::isGiven)) {
      return named(paths);
    }
    need(ConfigKeys.MAPPING_VALUES);
    return paths == null || !checkCount(ConfigKeys.MAPPING_VALUES, paths, 1)
        ? null
        : new Wide(paths);
  }

  /**
   * @param several values of a record; null where it has one
   */
  private ValueFields named(List<FieldPath> several) {
    need(ConfigKeys.MAPPING_NAME);
    need(ConfigKeys.CHANNEL_NAMES);
    FieldPath name = values.get(ConfigKeys.MAPPING_NAME);
    FieldPath value = values.get(ConfigKeys.MAPPING_VALUE);
    List<String> channels = values.get(ConfigKeys.CHANNEL_NAMES);
    if (!values.isGiven(ConfigKeys.MAPPING_VALUES)) {
      need(ConfigKeys.MAPPING_VALUE);
    } else if (values.isGiven(ConfigKeys.MAPPING_VALUE)) {
      values.problem("must not be given with source.mapping.values: source.mapping.value");
      return null;
    }
    if (name == null || (value == null && several == null) || channels == null) {
      return null;
    }
    List<FieldPath> each = several == null ? List.of(value) : several;
    if (!checkCount(ConfigKeys.CHANNEL_NAMES, channels, each.size())) {
      return null;
    }
    if (channels.size() > 1 && values.get(ConfigKeys.CLOSE) == Close.ARRIVAL) {
      values.problem(
          "must be watermark or complete where a record holds one channel of several"
              + " (source.mapping.name): series.close=arrival");
      return null;
    }
    return new Named(name, each, channels);
  }

  /**
   * @param each channels of an entry
   */
  private boolean checkCount(ConfigKey<?> key, List<?> found, int each) {
    Integer channels = values.get(ConfigKeys.CHANNELS);
    if (channels != null && channels != found.size() * each) {
      values.problem(
          "must have one entry per %s, series.channels=%d: %s=%s"
              .formatted(
                  each == 1 ? "channel" : each + " channels (source.mapping.values)",
                  channels,
                  key.path(),
                  found));
      return false;
    }
    return true;
  }

  private Schema schema() {
    need(ConfigKeys.AVRO_SCHEMA);
    String given = values.get(ConfigKeys.AVRO_SCHEMA);
    if (given == null) {
      return null;
    }
    boolean inline = given.strip().startsWith("{");
    String shown = inline ? "(inline)" : given;
    try {
      Schema schema = new Schema.Parser().parse(inline ? given : Files.readString(Path.of(given)));
      if (schema.getType() == Schema.Type.RECORD) {
        return schema;
      }
      values.problem(
          "must be the schema of a record: source.avro-schema=%s is of type %s"
              .formatted(shown, schema.getType().getName()));
    } catch (IOException | InvalidPathException e) {
      values.problem("must be a readable file: source.avro-schema=%s".formatted(shown));
    } catch (AvroRuntimeException e) {
      values.problem(
          "must be an Avro schema: source.avro-schema=%s: %s"
              .formatted(shown, String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
    }
    return null;
  }

  private void need(ConfigKey<?> key) {
    if (!values.isGiven(key)) {
      values.problem(
          "must be given with source.format=%s: %s, %s"
              .formatted(
                  ConfigType.textOf(values.get(ConfigKeys.FORMAT)),
                  key.path(),
                  key.type().range()));
    }
  }

  private void refuse(ConfigKey<?> key) {
    if (values.isGiven(key)) {
      values.problem(
          "must not be given with source.format=%s: %s"
              .formatted(ConfigType.textOf(values.get(ConfigKeys.FORMAT)), key.path()));
    }
  }
}
