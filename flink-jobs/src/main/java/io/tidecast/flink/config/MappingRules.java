package io.tidecast.flink.config;

import static java.util.Objects.requireNonNullElse;

import io.tidecast.flink.config.key.CsvKeys;
import io.tidecast.flink.config.key.ValueKeys;
import io.tidecast.flink.config.schema.SchemaLookup;
import io.tidecast.flink.config.schema.SchemaRules;
import io.tidecast.flink.config.slot.SlotRules;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.SourceFormat.JsonLayout;
import io.tidecast.flink.format.SourceFormat.Kind;
import io.tidecast.flink.format.SourceFormat.Order;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.Mapping.MissingValues;
import io.tidecast.flink.format.field.Mapping.Named;
import io.tidecast.flink.format.field.Mapping.SeriesFields;
import io.tidecast.flink.format.field.Mapping.TimeField;
import io.tidecast.flink.format.field.Mapping.ValueFields;
import io.tidecast.flink.format.field.Mapping.Wide;
import io.tidecast.flink.format.field.ValueSpelling;
import io.tidecast.flink.format.protobuf.MessageShape;
import io.tidecast.flink.format.protobuf.MessageType;
import io.tidecast.flink.format.schema.Framing;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.series.Close;
import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.MissingWords;
import io.tidecast.runtime.text.NumberMarks;
import io.tidecast.runtime.text.Thousands;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Holds the keys of format and mapping against each other and makes of them what they say together.
 * A key that was refused by itself breaks no rule here. One thread uses it.
 */
final class MappingRules {

  /** A job over files has no use for these keys. */
  private static final List<ConfigKey<?>> NOT_OF_CSV =
      List.of(
          ConfigKeys.SOURCE_TOPIC,
          ConfigKeys.TOPIC_PATTERN,
          ConfigKeys.GROUP_ID,
          ConfigKeys.START,
          ConfigKeys.STOP,
          ConfigKeys.IDLE_TIMEOUT,
          ConfigKeys.SOURCE_FORMAT.numericStrings);

  private final ConfigValues values;
  private final RecordFormatKeys keys;
  private final Records records;
  private final SchemaRules schemas;
  private final ElementRules elements;

  /**
   * Says what is asked of the records.
   *
   * @param value what one of their values is of, for people
   * @param valuesKey that says how many values they have
   * @param valueCount null if that was refused
   * @param keyed whether they name what they are of
   * @param groupedBy why they must name a group besides; null where they need not
   * @param together whether a record must hold all values
   * @param independent whether each value is of a series of its own
   */
  private record Records(
      String value,
      ConfigKey<?> valuesKey,
      @Nullable Integer valueCount,
      boolean keyed,
      @Nullable String groupedBy,
      boolean together,
      boolean independent) {}

  private MappingRules(
      ConfigValues values, RecordFormatKeys keys, Records records, SchemaLookup lookup) {
    this.values = values;
    this.keys = keys;
    this.records = records;
    this.schemas =
        new SchemaRules(
            values,
            keys.schemas,
            new SchemaRules.Records(keys.format, keys.topics(values)),
            lookup);
    this.elements = new ElementRules(values, keys);
  }

  /** Why observations must say which group their series is of; null where they need not. */
  static @Nullable String groupedBy(ConfigValues values) {
    if (CovariateRules.grouped(values)) {
      return "covariates.keyed-by=group";
    }
    return SlotRules.goByGroup(values) ? "a group in models" : null;
  }

  /**
   * Returns the format of the observations. It is null if that is wrong, and the values have a
   * problem more.
   */
  static @Nullable SourceFormat observations(ConfigValues values, SchemaLookup lookup) {
    Records records =
        new Records(
            "channel",
            ConfigKeys.CHANNELS,
            values.get(ConfigKeys.CHANNELS),
            true,
            groupedBy(values),
            CellRules.close(values) == Close.ARRIVAL,
            ChannelRules.independent(values));
    return new MappingRules(values, ConfigKeys.SOURCE_FORMAT, records, lookup).format();
  }

  /**
   * Returns the format of future covariates. It is null if that is wrong, and the values have a
   * problem more.
   *
   * @param names null if they were refused
   * @param keyed whether they are of a series or a group
   */
  static @Nullable SourceFormat covariates(
      ConfigValues values, @Nullable List<String> names, boolean keyed, SchemaLookup lookup) {
    Integer count = names == null ? null : names.size();
    Records records =
        new Records("covariate", ConfigKeys.COVARIATE_NAMES, count, keyed, null, false, false);
    return new MappingRules(values, ConfigKeys.COVARIATE_FORMAT, records, lookup).format();
  }

  private @Nullable SourceFormat format() {
    Kind kind = values.get(keys.format);
    if (kind == null) {
      return null;
    }
    schemas.check(kind);
    if (keys.files != null) {
      checkFiles(kind, keys.files);
    }
    if (keys.files != null) {
      CsvRules.check(values, kind);
    }
    elements.check(kind);
    return switch (kind) {
      case TIDECAST -> {
        keys.ofMapping().stream()
            .filter(key -> !records.independent || !keys.ofIndependent().contains(key))
            .forEach(this::refuse);
        if (records.groupedBy != null) {
          values.problem(
              "must not be tidecast with %s, for such an observation names no group: %s=tidecast"
                  .formatted(records.groupedBy, keys.format.path()));
        }
        yield new SourceFormat.Tidecast();
      }
      case JSON -> {
        Mapping mapping = mapping(null);
        Framing framing = schemas.framing();
        JsonLayout layout = values.get(keys.elements.jsonLayout);
        yield mapping == null || framing == null || layout == null
            ? null
            : new SourceFormat.Json(framing, mapping, layout);
      }
      case INFLUX -> {
        Mapping mapping = mapping(null);
        yield mapping == null ? null : new SourceFormat.Influx(mapping);
      }
      case CSV -> {
        Mapping mapping = mapping(null);
        List<String> files = keys.files == null ? null : values.get(keys.files);
        Order order = values.get(CsvKeys.ORDER);
        yield mapping == null || files == null || order == null
            ? null
            : new SourceFormat.Csv(files, mapping, CsvRules.options(values), order);
      }
      case PROTOBUF -> {
        SchemaRules.Protobuf found = schemas.protobuf();
        Mapping mapping = mapping(found == null ? null : MessageShape.of(found.message()));
        yield found == null || mapping == null
            ? null
            : new SourceFormat.Protobuf(
                MessageType.of(found.message()), found.framing(), found.registry(), mapping);
      }
      case AVRO -> {
        SchemaRules.Avro avro = schemas.avro();
        Mapping mapping = mapping(avro == null ? null : avro.schema());
        yield avro == null || mapping == null
            ? null
            : new SourceFormat.Avro(avro.withUnits(mapping).schema(), avro.written(), mapping);
      }
    };
  }

  /** Demands files where records come from files, and refuses them where they come from topics. */
  private void checkFiles(Kind kind, ConfigKey<List<String>> files) {
    if (kind == Kind.CSV) {
      NOT_OF_CSV.forEach(this::refuse);
      need(files);
    } else {
      refuse(files);
    }
  }

  /**
   * @param schema of Avro records; null for other records
   */
  private @Nullable Mapping mapping(@Nullable Schema schema) {
    checkKeys();
    need(keys.times.time);
    ValueFields fields = valueFields();
    boolean csv = values.get(keys.format) == Kind.CSV;
    boolean texts = csv || Boolean.TRUE.equals(values.get(keys.numericStrings));
    SchemaRules.Key key = schemas.key(keys.elements.keyType);
    FieldRules rules =
        new FieldRules(
            values, keys, new FieldRules.Schemas(schema, key == null ? null : key.shape()), texts);
    rules.checkNames();
    rules.checkValues();
    TimeField time = new TimeRules(values, keys, rules).time(texts);
    rules.checkPlaces(csv);
    rules.checkConditions();
    List<FieldPath> names = records.keyed ? values.get(keys.key) : List.of();
    FieldPath group =
        records.groupedBy != null && keys.group != null ? values.get(keys.group) : null;
    String separator = values.get(keys.separator);
    MissingValues missing = values.get(keys.missingValues);
    ValueSpelling spelling = spelling(texts);
    if (names == null
        || separator == null
        || missing == null
        || spelling == null
        || fields == null
        || time == null) {
      return null;
    }
    Mapping mapping =
        new Mapping(
            new SeriesFields(names, separator, group),
            time,
            fields,
            missing,
            texts,
            spelling,
            keys.names(),
            elements.each(),
            elements.where(),
            elements.encodings(key == null ? null : key.format()));
    if (key != null) {
      key.nameUnits(mapping);
    }
    return mapping;
  }

  /**
   * @param texts whether numbers may be text
   */
  private @Nullable ValueSpelling spelling(boolean texts) {
    ValueKeys written = keys.written;
    Stream.of(written.decimal, written.thousands)
        .filter(key -> !texts && values.isGiven(key))
        .forEach(
            key ->
                values.problem(
                    "must go with %s=true, or no text is a number: %s"
                        .formatted(keys.numericStrings.path(), key.path())));
    DecimalMark decimal = values.get(written.decimal);
    Thousands thousands = values.get(written.thousands);
    if (decimal != null && thousands != null && !NumberMarks.areDifferent(decimal, thousands)) {
      values.problem(
          "must differ from %s: %s=%s"
              .formatted(written.decimal.path(), written.thousands.path(), Spelling.of(thousands)));
      return null;
    }
    List<String> words = values.get(written.missingWords);
    return new ValueSpelling(
        words == null ? MissingWords.usual() : new MissingWords(words),
        requireNonNullElse(values.get(written.words), Map.of()),
        decimal,
        thousands);
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
    if (keys.group != null) {
      checkGroup(keys.group);
    }
  }

  private void checkGroup(ConfigKey<FieldPath> group) {
    if (records.groupedBy != null && values.isMissing(group)) {
      values.problem(
          "must be given with %s: %s, %s"
              .formatted(records.groupedBy, group.path(), group.type().range()));
    }
    if (records.groupedBy == null && values.isGiven(group)) {
      values.problem(
          "must go with covariates.keyed-by=group, or with a group in models: %s=%s"
              .formatted(group.path(), values.get(group)));
    }
  }

  private @Nullable ValueFields valueFields() {
    List<FieldPath> paths = values.get(keys.values);
    if (records.independent) {
      need(keys.values);
      List<String> names = values.get(keys.channelNames);
      if (paths != null && names != null && paths.size() != names.size()) {
        values.problem(
            "must have one entry per entry of %s=%s: %s=%s"
                .formatted(keys.channelNames.path(), names, keys.values.path(), paths));
      }
      return paths == null ? null : new Wide(paths);
    }
    if (keys.ofNamed().stream().anyMatch(values::isGiven)) {
      return named(paths);
    }
    need(keys.values);
    return paths == null || !checkCount(keys.values, paths, 1) ? null : new Wide(paths);
  }

  /**
   * @param several values of a record; null where it has one
   */
  private @Nullable ValueFields named(@Nullable List<FieldPath> several) {
    need(keys.name);
    need(keys.channelNames);
    FieldPath name = values.get(keys.name);
    FieldPath value = values.get(keys.value);
    List<String> channels = values.get(keys.channelNames);
    if (!values.isGiven(keys.values)) {
      need(keys.value);
    } else if (values.isGiven(keys.value)) {
      values.problem(
          "must not be given with %s: %s".formatted(keys.values.path(), keys.value.path()));
      return null;
    }
    if (name == null || (value == null && several == null) || channels == null) {
      return null;
    }
    List<FieldPath> each = several == null ? List.of(value) : several;
    if (!checkCount(keys.channelNames, channels, each.size())) {
      return null;
    }
    if (channels.size() > 1 && records.together) {
      values.problem(
          "must be watermark or complete where a record holds one channel of several (%s): series.close=arrival"
              .formatted(keys.name.path()));
      return null;
    }
    return new Named(name, each, channels);
  }

  /**
   * @param each channels of an entry
   */
  private boolean checkCount(ConfigKey<?> key, List<?> found, int each) {
    if (records.valueCount != null && records.valueCount != found.size() * each) {
      values.problem(
          "must have one entry per %s, %s=%s: %s=%s"
              .formatted(
                  each == 1
                      ? records.value
                      : "%d %ss (%s)".formatted(each, records.value, keys.values.path()),
                  records.valuesKey.path(),
                  values.get(records.valuesKey),
                  key.path(),
                  found));
      return false;
    }
    return true;
  }

  private void need(ConfigKey<?> key) {
    if (values.isMissing(key)) {
      values.problem(
          "must be given with %s=%s: %s, %s"
              .formatted(
                  keys.format.path(),
                  Spelling.of(values.require(keys.format)),
                  key.path(),
                  key.type().range()));
    }
  }

  private void refuse(ConfigKey<?> key) {
    if (values.isGiven(key)) {
      values.problem(
          "must not be given with %s=%s: %s"
              .formatted(keys.format.path(), Spelling.of(values.require(keys.format)), key.path()));
    }
  }
}
