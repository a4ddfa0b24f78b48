package io.tidecast.flink.format.field;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.text.NumberMarks;
import io.tidecast.runtime.time.TimeFormat;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says which fields of a record make an observation.
 *
 * @param numericStrings whether text that spells a number counts as one
 * @param spelling says how values are written
 * @param keys that messages about a record name
 * @param each says which elements of a record are observations
 * @param where says which records, or elements, are asked for: those for which all of it holds
 */
public record Mapping(
    SeriesFields series,
    TimeField time,
    ValueFields values,
    MissingValues missing,
    boolean numericStrings,
    ValueSpelling spelling,
    KeyNames keys,
    Each each,
    List<Condition> where,
    Encodings encodings)
    implements Serializable {

  /** Each record is one observation, all of them are asked for, and values are as usual. */
  public Mapping(
      SeriesFields series,
      TimeField time,
      ValueFields values,
      MissingValues missing,
      boolean numericStrings,
      KeyNames keys) {
    this(
        series,
        time,
        values,
        missing,
        numericStrings,
        ValueSpelling.USUAL,
        keys,
        Each.NONE,
        List.of(),
        Encodings.PLAIN);
  }

  public Mapping {
    requireNonNull(series, "series is null");
    requireNonNull(time, "time is null");
    requireNonNull(values, "values is null");
    requireNonNull(missing, "missing is null");
    requireNonNull(spelling, "spelling is null");
    requireNonNull(keys, "keys is null");
    requireNonNull(each, "each is null");
    where = List.copyOf(where);
    requireNonNull(encodings, "encodings is null");
  }

  /** Returns the same with the marks that the numbers of a file have. */
  public Mapping with(NumberMarks marks) {
    return with(spelling.with(marks));
  }

  /** Returns the same for values that are written in another way. */
  public Mapping with(ValueSpelling other) {
    return new Mapping(
        series, time, values, missing, numericStrings, other, keys, each, where, encodings);
  }

  /** Returns the paths of all that it reads, each choice by itself. */
  public Stream<FieldPath> fields() {
    Stream<FieldPath> ofValues =
        values instanceof Named named
            ? Stream.concat(Stream.of(named.name()), named.values().stream())
            : ((Wide) values).paths().stream();
    return Stream.of(
            series.paths().stream(),
            Stream.ofNullable(series.group()),
            time.paths().stream(),
            ofValues,
            where.stream().map(Condition::path))
        .flatMap(Function.identity())
        .flatMap(path -> path.choices().stream());
  }

  /**
   * Names the settings that a mapping comes from, so that messages about a record can say what to
   * change.
   *
   * @param separator sets the separator between the parts of a series
   * @param timeZone sets the zone of times that name none
   * @param channelNames sets the names that channels may have
   */
  public record KeyNames(String separator, String timeZone, String channelNames)
      implements Serializable {

    public KeyNames {
      requireNonNull(separator, "separator is null");
      requireNonNull(timeZone, "timeZone is null");
      requireNonNull(channelNames, "channelNames is null");
    }

    /** Returns the whole name of another setting of the mapping. */
    public String of(String name) {
      return timeZone.substring(0, timeZone.lastIndexOf('.') + 1) + name;
    }

    /** Returns the setting that says what Kafka's keys are. */
    public String keyType() {
      return timeZone.substring(0, timeZone.indexOf('.') + 1) + "key-type";
    }
  }

  /** Says what becomes of a value that is absent or null. */
  public enum MissingValues {
    /** It is missing from its cell, too. */
    NAN,
    DEAD_LETTER
  }

  /**
   * Says which fields name the series.
   *
   * @param paths of the parts, in order; empty for what all series share
   * @param separator between two parts
   * @param group what names the group of the series; null without groups
   */
  public record SeriesFields(List<FieldPath> paths, String separator, @Nullable FieldPath group)
      implements Serializable {

    public SeriesFields {
      paths = List.copyOf(paths);
      requireNonNull(separator, "separator is null");
    }
  }

  /**
   * Says which field has the time, and how it is written.
   *
   * @param paths of what makes the time; several are joined by spaces
   */
  public record TimeField(List<FieldPath> paths, TimeFormat format) implements Serializable {

    public TimeField {
      paths = List.copyOf(paths);
      requireNonNull(format, "format is null");
      if (paths.isEmpty()) {
        throw new IllegalArgumentException("must not be empty: paths=[]");
      }
    }
  }

  /** Says which fields hold the values. */
  public sealed interface ValueFields extends Serializable {}

  /**
   * A record holds all channels.
   *
   * @param paths one per channel, in order
   */
  public record Wide(List<FieldPath> paths) implements ValueFields {

    public Wide {
      paths = List.copyOf(paths);
    }
  }

  /**
   * A record holds one channel, or some that follow each other, and says which.
   *
   * @param values one per channel of a record, in order
   * @param channelNames what the name may be, in the order of the channels
   */
  public record Named(FieldPath name, List<FieldPath> values, List<String> channelNames)
      implements ValueFields {

    public Named {
      requireNonNull(name, "name is null");
      values = List.copyOf(values);
      channelNames = List.copyOf(channelNames);
    }
  }
}
