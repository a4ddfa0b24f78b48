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

  private final ConfigValues values;
  private final FormatKeys keys;
  private final Records records;

  /**
   * What is asked of the records.
   *
   * @param valuesKey that says how many values they have
   * @param valueCount null if that was refused
   * @param keyed whether they name what they are of
   * @param grouped whether they name a group besides
   * @param together whether a record must hold all values
   */
  private record Records(
      ConfigKey<?> valuesKey,
      Integer valueCount,
      boolean keyed,
      boolean grouped,
      boolean together) {}

  private MappingRules(ConfigValues values, FormatKeys keys, Records records) {
    this.values = values;
    this.keys = keys;
    this.records = records;
  }

  /**
   * The format of the observations; null if it is wrong, and the values have a problem more.
   *
   * @param grouped whether they must say which group their series is of
   */
  static SourceFormat observations(ConfigValues values, boolean grouped) {
    Records records =
        new Records(
            ConfigKeys.CHANNELS,
            values.get(ConfigKeys.CHANNELS),
            true,
            grouped,
            values.get(ConfigKeys.CLOSE) == Close.ARRIVAL);
    return new MappingRules(values, ConfigKeys.SOURCE_FORMAT, records).format();
  }

  /**
   * The format of future covariates; null if it is wrong, and the values have a problem more.
   *
   * @param names null if they were refused
   * @param keyed whether they are of a series or a group
   */
  static SourceFormat covariates(ConfigValues values, List<String> names, boolean keyed) {
    Integer count = names == null ? null : names.size();
    Records records = new Records(ConfigKeys.COVARIATE_NAMES, count, keyed, false, false);
    return new MappingRules(values, ConfigKeys.COVARIATE_FORMAT, records).format();
  }

  private SourceFormat format() {
    Kind kind = values.get(keys.format);
    if (kind == null) {
      return null;
    }
    if (kind != Kind.AVRO) {
      keys.ofAvro().forEach(this::refuse);
    }
    return switch (kind) {
      case TIDECAST -> {
        keys.ofMapping().forEach(this::refuse);
        if (records.grouped) {
          values.problem(
              "must be json or avro with covariates.keyed-by=group, for such an observation names no group: %s=tidecast"
                  .formatted(keys.format.path()));
        }
        yield new SourceFormat.Tidecast();
      }
      case JSON -> {
        Mapping mapping = mapping(null);
        yield mapping == null ? null : new SourceFormat.Json(mapping);
      }
      case AVRO -> {
        Schema schema = schema();
        Mapping mapping = mapping(schema);
        Framing framing = values.get(keys.avroFraming);
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
    checkKeys();
    need(keys.time);
    ValueFields fields = valueFields();
    FieldRules rules =
        new FieldRules(values, keys, schema, Boolean.TRUE.equals(values.get(keys.numericStrings)));
    rules.checkNames();
    rules.checkValues();
    TimeField time = rules.time();
    List<FieldPath> names = records.keyed ? values.get(keys.key) : List.of();
    FieldPath group = records.grouped ? values.get(keys.group) : null;
    String separator = values.get(keys.separator);
    MissingValues missing = values.get(keys.missingValues);
    Boolean numericStrings = values.get(keys.numericStrings);
    boolean whole =
        Stream.of(names, separator, missing, numericStrings, fields, time)
            .allMatch(Objects::nonNull);
    return whole
        ? new Mapping(
            new SeriesFields(names, separator, group), time, fields, missing, numericStrings)
        : null;
  }

  private void checkKeys() {
    if (records.keyed) {
      need(keys.key);
    } else {
      Stream.of(keys.key, keys.separator)
          .filter(values::isGiven)
          .forEach(
              key ->
                  values.problem(
                      "must not be given with covariates.keyed-by=global: " + key.path()));
    }
    if (records.grouped && !values.isGiven(keys.group)) {
      values.problem(
          "must be given with covariates.keyed-by=group: %s, %s"
              .formatted(keys.group.path(), keys.group.type().range()));
    }
    if (!records.grouped && keys.group != null && values.isGiven(keys.group)) {
      values.problem(
          "must go with covariates.keyed-by=group: %s=%s"
              .formatted(keys.group.path(), values.get(keys.group)));
    }
  }

  private ValueFields valueFields() {
    boolean named = keys.ofNamed().stream().anyMatch(values::isGiven);
    if (values.isGiven(keys.values)) {
      keys.ofNamed().stream()
          .filter(values::isGiven)
          .forEach(
              key ->
                  values.problem(
                      "must not be given with %s: %s".formatted(keys.values.path(), key.path())));
      List<FieldPath> paths = values.get(keys.values);
      return paths == null || !checkCount(keys.values, paths) ? null : new Wide(paths);
    }
    if (!named) {
      need(keys.values);
      return null;
    }
    keys.ofNamed().forEach(this::need);
    FieldPath name = values.get(keys.name);
    FieldPath value = values.get(keys.value);
    List<String> channels = values.get(keys.channelNames);
    if (name == null || value == null || channels == null) {
      return null;
    }
    if (!checkCount(keys.channelNames, channels)) {
      return null;
    }
    if (channels.size() > 1 && records.together) {
      values.problem(
          "must be watermark where a record holds one channel of several (%s): series.close=arrival"
              .formatted(keys.name.path()));
      return null;
    }
    return new Named(name, value, channels);
  }

  private boolean checkCount(ConfigKey<?> key, List<?> found) {
    if (records.valueCount != null && records.valueCount != found.size()) {
      values.problem(
          "must have one entry per channel, %s=%s: %s=%s"
              .formatted(
                  records.valuesKey.path(), values.get(records.valuesKey), key.path(), found));
      return false;
    }
    return true;
  }

  private Schema schema() {
    need(keys.avroSchema);
    String given = values.get(keys.avroSchema);
    if (given == null) {
      return null;
    }
    boolean inline = given.strip().startsWith("{");
    String shown = keys.avroSchema.path() + "=" + (inline ? "(inline)" : given);
    try {
      Schema schema = new Schema.Parser().parse(inline ? given : Files.readString(Path.of(given)));
      if (schema.getType() == Schema.Type.RECORD) {
        return schema;
      }
      values.problem(
          "must be the schema of a record: %s is of type %s"
              .formatted(shown, schema.getType().getName()));
    } catch (IOException | InvalidPathException e) {
      values.problem("must be a readable file: %s".formatted(shown));
    } catch (AvroRuntimeException e) {
      values.problem(
          "must be an Avro schema: %s: %s"
              .formatted(shown, String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
    }
    return null;
  }

  private void need(ConfigKey<?> key) {
    if (!values.isGiven(key)) {
      values.problem(
          "must be given with %s=%s: %s, %s"
              .formatted(
                  keys.format.path(),
                  ConfigType.textOf(values.get(keys.format)),
                  key.path(),
                  key.type().range()));
    }
  }

  private void refuse(ConfigKey<?> key) {
    if (values.isGiven(key)) {
      values.problem(
          "must not be given with %s=%s: %s"
              .formatted(
                  keys.format.path(), ConfigType.textOf(values.get(keys.format)), key.path()));
    }
  }
}
