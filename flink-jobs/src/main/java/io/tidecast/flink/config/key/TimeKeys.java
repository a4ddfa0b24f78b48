package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.config.value.TimeTypes;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.runtime.time.TimeFormat.Gap;
import io.tidecast.runtime.time.TimeFormat.Marks;
import io.tidecast.runtime.time.TimeFormat.Overlap;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Has the keys of a mapping that say where the time of a record is, and how it is written. */
public final class TimeKeys {

  public final ConfigKey<List<FieldPath>> time;
  public final ConfigKey<String> timeFormat;
  public final ConfigKey<ZoneId> timeZone;
  public final ConfigKey<Overlap> timeOverlap;
  public final ConfigKey<Gap> timeGap;
  public final ConfigKey<Locale> timeLanguage;
  public final ConfigKey<Map<String, ZoneOffset>> timeAbbreviations;
  public final ConfigKey<Marks> timeMarks;

  /** The section that the keys are in, with a dot behind it. */
  public final String mapping;

  /**
   * Says for people what a time is.
   *
   * @param needed says when it must be given
   * @param meaning of the time
   * @param example of its path
   */
  public record Words(String needed, String meaning, String example) {}

  /**
   * @param path of a field of a record
   */
  public TimeKeys(String mapping, ConfigType<FieldPath> path, Words words) {
    this.mapping = mapping;
    time =
        ConfigKey.derived(
                mapping + "time",
                ConfigType.oneOrMore(path),
                words.needed(),
                words.meaning()
                    + " Several fields, such as one of the date and one of the time of day, are joined by a space and read as text.")
            .example(words.example());
    timeFormat =
        ConfigKey.derived(
                mapping + "time-format",
                ConfigType.text(),
                "what the logical type of the Avro field says; `epoch-nanos` with `influx`; else `epoch-millis`",
                "Times are written in this way. Numbers are `epoch-days`, `epoch-seconds`, `epoch-millis`, `epoch-micros` or `epoch-nanos`, counted from 1970-01-01T00:00:00Z, or `excel-days`, the days of a spreadsheet, and may have fractions. Text is `iso-8601` in any of its variants, or what a pattern of Java's `DateTimeFormatter` says. See [times](reference/formats-and-times.md#times).")
            .example("dd.MM.yyyy HH:mm");
    timeZone =
        ConfigKey.derived(
                mapping + "time-zone",
                ConfigType.zone(),
                "text without an offset is a dead letter, and `epoch-days` begin in UTC",
                "Text without an offset, `excel-days` and the local timestamps of Avro are read as times of this zone, and `epoch-days` begin at its midnight. An offset or zone that is written in the text wins.")
            .example("Europe/Berlin");
    timeOverlap =
        ConfigKey.derived(
            mapping + "time-overlap",
            ConfigType.oneOf(Overlap.class),
            "`in-order` with `csv`, else `refuse`",
            "A local time without an offset comes twice where clocks go back. With `earlier` or `later`, it is the first or the second of the two. With `in-order`, it is the one that goes on from the time before of the same series in the same file, so it is for files alone. With `refuse`, it is a dead letter with both.");
    timeGap =
        ConfigKey.optional(
            mapping + "time-gap",
            ConfigType.oneOf(Gap.class),
            "refuse",
            "A local time does not exist where clocks go forward. With `refuse`, it is a dead letter. With `later`, it is what a clock shows that was not changed yet, so that 02:30 is 03:30, and with `earlier` what one shows that was changed too early, so that it is 01:30.");
    timeLanguage =
        ConfigKey.optional(
                mapping + "time-language",
                TimeTypes.language(),
                "en",
                "The names of months and days in text are of this language, long or short, with or without a dot, in any case.")
            .example("de");
    timeAbbreviations =
        ConfigKey.derived(
                mapping + "time-abbreviations",
                TimeTypes.abbreviations(),
                "`UTC`, `GMT` and `Z` alone are known, and any other is a dead letter",
                "Text may name its time zone by one of these abbreviations, each of which means an offset from UTC. None of them is guessed, since `IST` is one of three zones and `EST` is written in July too. In a pattern, `z` stands for them.")
            .example("{EST: \"-05:00\", EDT: \"-04:00\"}");
    timeMarks =
        ConfigKey.optional(
            mapping + "time-marks",
            ConfigType.oneOf(Marks.class),
            "start",
            "With `start`, a time is within what its values are about, or begins it. With `end`, it ends that, so that values of 01:00 belong to the cell that ends then: the observation counts as one a millisecond earlier.");
  }

  /** Returns every key in the order of the reference page. */
  public List<ConfigKey<?>> all() {
    return List.of(
        time,
        timeFormat,
        timeZone,
        timeOverlap,
        timeGap,
        timeLanguage,
        timeAbbreviations,
        timeMarks);
  }
}
