package io.tidecast.flink.config;

import io.tidecast.flink.format.SourceFormat.Framing;
import io.tidecast.flink.format.SourceFormat.Kind;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping.KeyNames;
import io.tidecast.flink.format.field.Mapping.MissingValues;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** The keys of a section that say what the records of its topic are. */
public final class RecordFormatKeys {

  final ConfigKey<Kind> format;

  /** Null where records come from topics alone. */
  final ConfigKey<List<String>> files;

  final ConfigKey<String> avroSchema;
  final ConfigKey<Framing> avroFraming;

  /** What a record is of: a series, or whatever else covariates are kept by. */
  final ConfigKey<List<FieldPath>> key;

  final ConfigKey<String> separator;

  /** Null where records have no group beside their key. */
  final ConfigKey<FieldPath> group;

  final ConfigKey<FieldPath> time;
  final ConfigKey<String> timeFormat;
  final ConfigKey<ZoneId> timeZone;
  final ConfigKey<List<FieldPath>> values;
  final ConfigKey<FieldPath> name;
  final ConfigKey<FieldPath> value;
  final ConfigKey<List<String>> channelNames;
  final ConfigKey<MissingValues> missingValues;
  final ConfigKey<Boolean> numericStrings;

  private final String section;

  /**
   * @param key of the mapping, what it means and what holds without it
   * @param group null where there is none
   * @param count the key that says how many values a record has
   */
  private RecordFormatKeys(
      String section, String key, String keyMeaning, String group, String whole, String count) {
    this.section = section;
    String mapping = section + ".mapping.";
    boolean ofSource = group != null;
    String needed =
        ofSource ? "needed with `json`, `avro` and `csv`" : "needed with `json` and `avro`";
    String asName = "as `" + mapping + "name`";
    format =
        ConfigKey.optional(
            section + ".format",
            ConfigType.oneOf(Kind.class),
            "tidecast",
            "What the records are: Avro single objects of `io.tidecast.schemas.Observation`, or JSON or Avro of your own with a `%s.mapping`%s; see [streams.md](streams.md)."
                .formatted(section, ofSource ? ", or the lines of CSV files" : "; not `csv`"));
    files =
        ofSource
            ? ConfigKey.derived(
                section + ".files",
                ConfigType.oneOrMore(ConfigType.text()),
                "needed with `source.format: csv`",
                "Instead of topics: CSV files, and folders of files that end with `.csv`; read to their ends, then the job ends. Absolute, or relative to the working directory; they must be where the job is submitted and where it runs.")
            : null;
    avroSchema =
        ConfigKey.derived(
            section + ".avro-schema",
            ConfigType.text(),
            "needed with `%s.format: avro`".formatted(section),
            "The schema that all records were written with: its file, relative to the working directory and read where the job is submitted, or its JSON text.");
    avroFraming =
        ConfigKey.optional(
            section + ".avro-framing",
            ConfigType.oneOf(Framing.class),
            "none",
            "What stands before an Avro record: nothing, or the five bytes of Confluent's serializers; their schema id is not looked at.");
    this.key =
        ConfigKey.derived(
            mapping + key, ConfigType.oneOrMore(ConfigType.path()), needed, keyMeaning);
    separator =
        ConfigKey.optional(
            mapping + key + "-separator",
            ConfigType.text(),
            "/",
            "Joins the parts of a %s%s; a part that contains it is refused."
                .formatted(key, ofSource ? ", and the names of independent channels to it" : ""));
    this.group =
        group == null
            ? null
            : ConfigKey.derived(
                mapping + group,
                ConfigType.path(),
                "needed with `covariates.keyed-by: group`",
                "The group of the series, whose future covariates it has: text or a whole number; the last to arrive holds.");
    time =
        ConfigKey.derived(
            mapping + "time",
            ConfigType.path(),
            needed,
            ofSource ? "When it was measured." : "The time that the values are of.");
    timeFormat =
        ConfigKey.derived(
            mapping + "time-format",
            ConfigType.text(),
            "what the logical type of the Avro field says; else `epoch-millis`",
            "`epoch-days`, `epoch-seconds`, `epoch-millis`, `epoch-micros`, `epoch-nanos`, `iso-8601`, or a pattern of Java's `DateTimeFormatter`, such as `dd.MM.yyyy HH:mm`.");
    timeZone =
        ConfigKey.derived(
            mapping + "time-zone",
            ConfigType.zone(),
            "a text without an offset is refused; days begin in UTC",
            "Zone of times that name none.");
    values =
        ConfigKey.derived(
            mapping + "values",
            ConfigType.oneOrMore(ConfigType.path()),
            "a record holds one channel, see `%svalue`".formatted(mapping),
            "The values of a record that holds all %s. With `%sname`, the values of the one it names."
                .formatted(whole, mapping));
    name =
        ConfigKey.derived(
            mapping + "name",
            ConfigType.path(),
            "a record holds all channels, see `%svalues`".formatted(mapping),
            "The name of the channel in a record that holds one, or of the member in a record that holds some of a joint system%s."
                .formatted(
                    ofSource
                        ? "; more than one needs `series.close: watermark` or `complete`"
                        : ""));
    value =
        ConfigKey.derived(
            mapping + "value",
            ConfigType.path(),
            asName,
            "The value of that channel; a member of several has `%svalues`.".formatted(mapping));
    channelNames =
        ConfigKey.derived(
            mapping + "channel-names",
            ConfigType.oneOrMore(ConfigType.text()),
            ofSource ? asName + "; needed with independent channels" : asName,
            "What the name may be, in %s order; a record of another name is a dead letter. With each value of a record, as many as `%s`.%s"
                .formatted(
                    ofSource ? "the model's" : "that",
                    count,
                    ofSource
                        ? " With `series.channel-mode: independent`, what ends the names of the series, one for each value of a record."
                        : ""));
    missingValues =
        ConfigKey.optional(
            mapping + "missing-values",
            ConfigType.oneOf(MissingValues.class),
            "dead-letter",
            "A value that is absent or null: a missing value of its cell, or a dead letter.");
    numericStrings =
        ConfigKey.optional(
            mapping + "allow-numeric-strings",
            ConfigType.flag(),
            false,
            "Whether text that spells a number, `\"12.5\"`, counts as one%s."
                .formatted(ofSource ? "; in CSV files it always does" : ""));
  }

  static RecordFormatKeys ofSource() {
    return new RecordFormatKeys(
        "source",
        "series",
        "What names the series: text or a whole number, several joined.",
        "group",
        "channels: as many as `series.channels`, in the model's order",
        "series.channels");
  }

  static RecordFormatKeys ofCovariates() {
    return new RecordFormatKeys(
        "covariates",
        "key",
        "What names the series or the group: text or a whole number, several joined. Not with `covariates.keyed-by: global`.",
        null,
        "covariates: as many as `covariates.names`, in that order",
        "covariates.names");
  }

  /** The section that they are in. */
  public String section() {
    return section;
  }

  /** The keys that messages about a record name. */
  KeyNames names() {
    return new KeyNames(separator.path(), timeZone.path(), channelNames.path());
  }

  /** In the order of the reference page. */
  List<ConfigKey<?>> all() {
    List<ConfigKey<?>> all = new ArrayList<>(List.of(format));
    if (files != null) {
      all.add(files);
    }
    all.addAll(ofAvro());
    all.addAll(ofMapping());
    return all;
  }

  List<ConfigKey<?>> ofAvro() {
    return List.of(avroSchema, avroFraming);
  }

  List<ConfigKey<?>> ofMapping() {
    List<ConfigKey<?>> all = new ArrayList<>(List.of(key, separator));
    if (group != null) {
      all.add(group);
    }
    all.addAll(
        List.of(
            time,
            timeFormat,
            timeZone,
            values,
            name,
            value,
            channelNames,
            missingValues,
            numericStrings));
    return all;
  }

  /** What names the series of independent channels, whatever the format. */
  List<ConfigKey<?>> ofIndependent() {
    return List.of(channelNames, separator, name, value);
  }

  /** Those of a record that holds one channel. */
  List<ConfigKey<?>> ofNamed() {
    return List.of(name, value, channelNames);
  }
}
