package io.tidecast.flink.config;

import io.tidecast.flink.config.key.ElementKeys;
import io.tidecast.flink.config.key.TimeKeys;
import io.tidecast.flink.config.key.ValueKeys;
import io.tidecast.flink.config.schema.SchemaKeys;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.format.SourceFormat.Kind;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping.KeyNames;
import io.tidecast.flink.format.field.Mapping.MissingValues;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has the keys of a section that say what the records of its topic or files are. */
final class RecordFormatKeys {

  final ConfigKey<Kind> format;

  /** This is null where records come from topics alone. */
  final @Nullable ConfigKey<List<String>> files;

  final SchemaKeys schemas;

  private final boolean ofSource;

  /** These are about several observations in a record, and about encodings. */
  final ElementKeys elements;

  /** This names what a record is of: a series, or whatever else covariates are kept by. */
  final ConfigKey<List<FieldPath>> key;

  final ConfigKey<String> separator;

  /** This is null where records have no group beside their key. */
  final @Nullable ConfigKey<FieldPath> group;

  /** These say when a record is of. */
  final TimeKeys times;

  final ConfigKey<List<FieldPath>> values;
  final ConfigKey<FieldPath> name;
  final ConfigKey<FieldPath> value;
  final ConfigKey<List<String>> channelNames;
  final ConfigKey<MissingValues> missingValues;
  final ConfigKey<Boolean> numericStrings;

  /** These say how values are written. */
  final ValueKeys written;

  private RecordFormatKeys(Words words) {
    String section = words.section;
    String mapping = section + ".mapping.";
    boolean ofSource = words.group != null;
    ConfigType<FieldPath> path = ofSource ? ConfigType.pathOrFile() : ConfigType.path();
    String needed = "needed with every format but `tidecast`";
    elements = new ElementKeys(section, path);
    format =
        ConfigKey.optional(
            section + ".format",
            ConfigType.oneOf(
                ofSource ? EnumSet.allOf(Kind.class) : EnumSet.complementOf(EnumSet.of(Kind.CSV))),
            "tidecast",
            "The records have this format. `tidecast` means Avro single objects of `io.tidecast.schemas.Observation`. `json`, `avro`, `protobuf` and `influx` (InfluxDB's line protocol) mean records of your own, which `%s.mapping` describes.%s See [formats](reference/formats-and-times.md)."
                .formatted(section, ofSource ? " `csv` means the lines of `source.files`." : ""));
    files =
        ofSource
            ? ConfigKey.derived(
                    section + ".files",
                    ConfigType.oneOrMore(ConfigType.text()),
                    "needed with `source.format: csv`",
                    "The job reads these CSV files to their ends and then ends by itself. A folder stands for its files whose names end with `.csv` or `.tsv`, or with `.gz` after that. Their separator, encoding and packing are found, see [CSV files](how-to/csv-files-and-history.md#csv-files). A relative path begins at the working directory, and the files must be there both where the job is submitted and where it runs.")
                .example("[history/2016.csv, history/older]")
            : null;
    schemas = new SchemaKeys(section);
    this.ofSource = ofSource;
    key =
        ConfigKey.derived(mapping + words.key, ConfigType.oneOrMore(path), needed, words.keyMeaning)
            .example(words.keyExample);
    separator =
        ConfigKey.optional(
                mapping + words.key + "-separator",
                ConfigType.text(),
                "/",
                "This text joins the parts of a %s%s. Where there are several parts, a record with the text in one of them is a dead letter."
                    .formatted(
                        words.key,
                        ofSource ? ", and the names of independent channels to their series" : ""))
            .example("\"|\"");
    group =
        ofSource
            ? ConfigKey.derived(
                    mapping + words.group,
                    path,
                    "needed with `covariates.keyed-by: group`, and with a `group` in `models`",
                    "This field names the group of the series, whose future covariates it has and by which `models` may go. It must be text or a whole number. The group of the last observation to arrive holds.")
                .example("site")
            : null;
    times =
        new TimeKeys(
            mapping, path, new TimeKeys.Words(needed, words.timeMeaning, words.timeExample));
    values =
        ConfigKey.derived(
                mapping + "values",
                ConfigType.oneOrMore(path),
                "a record holds one %s, see `%svalue`".formatted(words.value, mapping),
                words.valuesMeaning)
            .example("[celsius, wind.ms]");
    name =
        ConfigKey.derived(
                mapping + "name",
                path,
                "a record holds all %ss, see `%svalues`".formatted(words.value, mapping),
                words.nameMeaning)
            .example("sensor");
    value =
        ConfigKey.derived(
                mapping + "value",
                path,
                "as `" + mapping + "name`",
                "This field holds the value of the one %s that a record has. A record of several has `%svalues` instead."
                    .formatted(words.value, mapping))
            .example("reading");
    channelNames =
        ConfigKey.derived(
                mapping + "channel-names",
                ConfigType.oneOrMore(ConfigType.text()),
                "as `"
                    + mapping
                    + "name`"
                    + (ofSource ? ", and needed with independent channels" : ""),
                words.namesMeaning)
            .example(words.namesExample);
    missingValues =
        ConfigKey.optional(
            mapping + "missing-values",
            ConfigType.oneOf(MissingValues.class),
            "dead-letter",
            "With `dead-letter`, a record with a value that is absent or null, or a word that stands for one, is a dead letter. With `nan`, the value is missing from its cell.");
    numericStrings =
        ConfigKey.optional(
            mapping + "allow-numeric-strings",
            ConfigType.flag(),
            false,
            "With `true`, text that spells a number counts as the number, such as `\"12.5\"`.%s"
                .formatted(ofSource ? " In CSV files it always does." : ""));
    written = new ValueKeys(mapping, ofSource);
  }

  /**
   * Has the words for records of one kind.
   *
   * @param key the last part of the key that names what a record is of
   * @param group the last part of the key that names the group of a series; null where there is
   *     none
   * @param value what one value of a record is of
   */
  private record Words(
      String section,
      String key,
      String keyMeaning,
      String keyExample,
      @Nullable String group,
      String timeMeaning,
      String timeExample,
      String value,
      String valuesMeaning,
      String nameMeaning,
      String namesMeaning,
      String namesExample) {}

  static RecordFormatKeys ofSource() {
    return new RecordFormatKeys(
        new Words(
            "source",
            "series",
            "This field names the series, which must be text or a whole number. Several fields are joined by `source.mapping.series-separator`.",
            "[$topic, meter.id]",
            "group",
            "This field says when the values were measured.",
            "readAt",
            "channel",
            "These fields hold the values of a record that has all channels, one for each of `series.channels` in the order of the model. With `source.mapping.name`, they hold the values of the member that it names. With `series.channel-mode: independent`, there must be one for each of `source.mapping.channel-names`.",
            "A record holds one channel and this field names it, or a record holds the channels of one member of a joint system and this field names the member. The name must be one of `source.mapping.channel-names`. With several of them, `series.close` must be `watermark` or `complete`.",
            "These are the names that `source.mapping.name` may have, in the order of the model, and a record of another name is a dead letter. There must be as many as `series.channels`, divided by the values of a record. With `series.channel-mode: independent`, they end the names of the series, and there must be one for each value of a record.",
            "[temperature, humidity]"));
  }

  static RecordFormatKeys ofCovariates() {
    return new RecordFormatKeys(
        new Words(
            "covariates",
            "key",
            "This field names the series or the group that the values are for, which must be text or a whole number. Several fields are joined by `covariates.mapping.key-separator`. With `covariates.keyed-by: global`, no key may be given.",
            "site",
            null,
            "This field says which time the values are for.",
            "valid",
            "covariate",
            "These fields hold the values of a record that has all covariates, one for each of `covariates.names` in their order. With `covariates.mapping.name`, they hold the values of those that it names.",
            "A record holds one covariate, or some that follow each other, and this field names which. The name must be one of `covariates.mapping.channel-names`.",
            "These are the names that `covariates.mapping.name` may have, in the order of `covariates.names`, and a record of another name is a dead letter. There must be as many as `covariates.names`, divided by the values of a record.",
            "[day-ahead, fee]"));
  }

  /** Returns the names of the keys that messages about a record need. */
  KeyNames names() {
    return new KeyNames(separator.path(), times.timeZone.path(), channelNames.path());
  }

  /** Returns every key in the order of the reference page. */
  List<ConfigKey<?>> all() {
    List<ConfigKey<?>> all = new ArrayList<>(List.of(format));
    if (files != null) {
      all.add(files);
    }
    all.addAll(schemas.all());
    all.addAll(elements.ofRecord());
    all.addAll(ofMapping());
    return all;
  }

  /** Returns the names of the topics that the records are in; empty where they are not known. */
  List<String> topics(ConfigValues values) {
    if (ofSource) {
      List<String> names = values.get(ConfigKeys.SOURCE_TOPIC);
      return names == null || values.isGiven(ConfigKeys.TOPIC_PATTERN) ? List.of() : names;
    }
    String topic = values.get(ConfigKeys.COVARIATE_TOPIC);
    return topic == null ? List.of() : List.of(topic);
  }

  List<ConfigKey<?>> ofMapping() {
    List<ConfigKey<?>> all = new ArrayList<>(elements.ofMapping());
    all.addAll(List.of(key, separator));
    if (group != null) {
      all.add(group);
    }
    all.addAll(times.all());
    all.addAll(List.of(values, name, value, channelNames, missingValues, numericStrings));
    all.addAll(written.all());
    return all;
  }

  /** Returns the keys that name the series of independent channels, whatever the format. */
  List<ConfigKey<?>> ofIndependent() {
    return List.of(channelNames, separator, name, value);
  }

  /** Returns the keys of a record that holds one channel. */
  List<ConfigKey<?>> ofNamed() {
    return List.of(name, value, channelNames);
  }
}
