package io.tidecast.flink.config;

import io.tidecast.flink.config.key.TimeKeys;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.format.SourceFormat.Kind;
import io.tidecast.flink.format.avro.ConnectTimes;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping.TimeField;
import io.tidecast.flink.format.time.TimeReader;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.runtime.time.EpochUnit;
import io.tidecast.runtime.time.TimeFormat;
import io.tidecast.runtime.time.TimeFormat.ClockChanges;
import io.tidecast.runtime.time.TimeFormat.Overlap;
import io.tidecast.runtime.time.TimeFormat.Settings;
import io.tidecast.runtime.time.TimeFormat.Words;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Holds the keys of the time of records against each other and against what is known of its fields.
 * A key that was refused by itself breaks no rule here. One thread uses it.
 */
final class TimeRules {

  private static final String LOCAL = "local-";

  private final ConfigValues values;
  private final RecordFormatKeys keys;
  private final TimeKeys times;
  private final FieldRules fields;

  TimeRules(ConfigValues values, RecordFormatKeys keys, FieldRules fields) {
    this.values = values;
    this.keys = keys;
    this.times = keys.times;
    this.fields = fields;
  }

  /**
   * Returns the time with its format. It is null if something is wrong, and the values have a
   * problem more.
   *
   * @param numericText whether text that spells a number counts as one
   */
  @Nullable TimeField time(boolean numericText) {
    List<FieldPath> paths = values.get(times.time);
    if (paths == null || times.all().stream().anyMatch(this::isRefused)) {
      return null;
    }
    TimeFormat format = paths.size() == 1 ? ofOne(paths.get(0)) : ofSeveral(paths);
    if (format == null || !isConsistent(format)) {
      return null;
    }
    TimeField time = new TimeField(paths, format.withNumericText(numericText));
    try {
      var unused = new TimeReader(time);
    } catch (IllegalArgumentException e) {
      values.problem(
          "must be one of the names or a pattern: %s=%s: %s"
              .formatted(times.timeFormat.path(), format.name(), e.getMessage()));
      return null;
    }
    return time;
  }

  /** Says whether a key is in the file with a value that it cannot have. */
  private boolean isRefused(ConfigKey<?> key) {
    return values.isGiven(key) && values.get(key) == null;
  }

  private @Nullable TimeFormat ofOne(FieldPath path) {
    List<Schema> found = fields.resolve(times.time, path);
    if (found != null && found.stream().anyMatch(ConnectTimes::isTimeOfDay)) {
      values.problem(
          "must be a time with its date, %s is a time of day by its schema: %s=%s"
              .formatted(path, times.time.path(), path));
      return null;
    }
    String name = name(path, found);
    if (name == null) {
      return null;
    }
    boolean number = EpochUnit.of(name).isPresent();
    fields.checkTypes(
        times.time,
        path,
        found,
        number ? fields.numbers() : FieldRules.TEXTS,
        number ? "a number" : "text");
    boolean local = found != null && found.stream().anyMatch(TimeRules::isLocal);
    return format(name, local);
  }

  private @Nullable TimeFormat ofSeveral(List<FieldPath> paths) {
    String name = values.get(times.timeFormat);
    if (name == null || EpochUnit.of(name).isPresent()) {
      values.problem(
          "must be iso-8601 or a pattern with several fields, %s=%s: %s%s"
              .formatted(
                  times.time.path(),
                  paths,
                  times.timeFormat.path(),
                  name == null ? "" : "=" + name));
      return null;
    }
    for (FieldPath path : paths) {
      fields.checkTypes(
          times.time,
          path,
          fields.resolve(times.time, path),
          FieldRules.NAMES,
          "text or a whole number");
    }
    return format(name, false);
  }

  private TimeFormat format(String name, boolean local) {
    ZoneId zone = values.get(times.timeZone);
    Overlap overlap = values.get(times.timeOverlap);
    if (overlap == null) {
      overlap = isOfFiles() ? Overlap.IN_ORDER : Overlap.REFUSE;
    }
    TimeFormat format =
        TimeFormat.of(name, zone, new Settings(times.mapping))
            .with(new ClockChanges(overlap, values.require(times.timeGap)))
            .with(
                new Words(
                    values.require(times.timeLanguage),
                    Optional.ofNullable(values.get(times.timeAbbreviations)).orElse(Map.of())))
            .with(values.require(times.timeMarks));
    return local ? format.onTheWall() : format;
  }

  private boolean isConsistent(TimeFormat format) {
    int before = values.problems().size();
    Optional<EpochUnit> unit = EpochUnit.of(format.name());
    boolean local = format.local() || unit.isEmpty() || unit.get().isDays();
    if (!local) {
      Stream.of(times.timeZone, times.timeOverlap, times.timeGap)
          .forEach(key -> refuse(key, format));
    }
    if (unit.isPresent()) {
      Stream.of(times.timeLanguage, times.timeAbbreviations).forEach(key -> refuse(key, format));
    } else if (format.name().equals(TimeFormat.ISO_8601)) {
      refuse(times.timeLanguage, format);
    }
    boolean needsZone = format.local() || unit.filter(EpochUnit.EXCEL_DAYS::equals).isPresent();
    if (needsZone && values.isMissing(times.timeZone)) {
      values.problem(
          "must be given, for %s=%s is a local time%s: %s, %s"
              .formatted(
                  times.time.path(),
                  values.require(times.time).get(0),
                  unit.filter(EpochUnit.EXCEL_DAYS::equals).isPresent()
                      ? " (%s=excel-days)".formatted(times.timeFormat.path())
                      : "",
                  times.timeZone.path(),
                  times.timeZone.type().range()));
    }
    if (format.clockChanges().overlap() == Overlap.IN_ORDER && !isOfFiles()) {
      values.problem(
          "must be earlier, later or refuse where records come from a topic, which has no order that lasts: %s=in-order"
              .formatted(times.timeOverlap.path()));
    }
    return values.problems().size() == before;
  }

  private boolean isOfFiles() {
    return values.get(keys.format) == Kind.CSV;
  }

  private void refuse(ConfigKey<?> key, TimeFormat format) {
    if (values.isGiven(key)) {
      Object value = values.get(key);
      values.problem(
          "must not be given with %s=%s: %s=%s"
              .formatted(
                  times.timeFormat.path(),
                  format.name(),
                  key.path(),
                  value instanceof Enum<?> constant ? Spelling.of(constant) : value));
    }
  }

  /**
   * Returns what is given, what the field says of itself, or what is usual. It is null if they
   * disagree.
   */
  private @Nullable String name(FieldPath path, @Nullable List<Schema> found) {
    String given = values.get(times.timeFormat);
    List<String> own =
        found == null
            ? List.of()
            : found.stream().map(TimeRules::unit).filter(Objects::nonNull).distinct().toList();
    if (own.isEmpty()) {
      return given == null ? usual().label() : given;
    }
    boolean mixed = found != null && found.stream().map(TimeRules::isLocal).distinct().count() > 1;
    if (given != null && !own.contains(given) || own.size() > 1 || mixed) {
      values.problem(
          "must be %s, which is what %s is: %s=%s"
              .formatted(String.join(" or ", own), path, times.timeFormat.path(), given));
      return null;
    }
    return own.get(0);
  }

  /** Returns what numbers count where nobody says it. */
  private EpochUnit usual() {
    return values.get(keys.format) == Kind.INFLUX ? EpochUnit.EPOCH_NANOS : EpochUnit.EPOCH_MILLIS;
  }

  /** Returns the format that a field says of itself; null where it does not say. */
  private static @Nullable String unit(Schema schema) {
    if (ConnectTimes.isIso8601(schema)) {
      return TimeFormat.ISO_8601;
    }
    LogicalType type = schema.getLogicalType();
    if (type == null) {
      return null;
    }
    String name = type.getName();
    return switch (isLocal(schema) ? name.substring(LOCAL.length()) : name) {
      case "date" -> EpochUnit.EPOCH_DAYS.label();
      case "timestamp-millis" -> EpochUnit.EPOCH_MILLIS.label();
      case "timestamp-micros" -> EpochUnit.EPOCH_MICROS.label();
      case "timestamp-nanos" -> EpochUnit.EPOCH_NANOS.label();
      default -> null;
    };
  }

  /** Says whether a field is the reading of a wall clock. */
  private static boolean isLocal(Schema schema) {
    LogicalType type = schema.getLogicalType();
    return type != null && type.getName().startsWith(LOCAL);
  }
}
