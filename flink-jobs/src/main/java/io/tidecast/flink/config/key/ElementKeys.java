package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.config.value.ElementTypes;
import io.tidecast.flink.format.SourceFormat.JsonLayout;
import io.tidecast.flink.format.field.Condition;
import io.tidecast.flink.format.field.Each;
import io.tidecast.flink.format.field.Encodings.ValueEncoding;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.KeyType;
import java.util.List;

/**
 * Has the keys of a section that say how many observations a record has, which of them are asked
 * for, and how its bytes are encoded.
 */
public final class ElementKeys {

  public final ConfigKey<JsonLayout> jsonLayout;
  public final ConfigKey<ValueEncoding> valueEncoding;
  public final ConfigKey<KeyType> keyType;
  public final ConfigKey<Each> each;
  public final ConfigKey<List<Condition>> where;
  public final ConfigKey<Integer> decimalScale;

  /**
   * @param path of a field of a record
   */
  public ElementKeys(String section, ConfigType<FieldPath> path) {
    String mapping = section + ".mapping.";
    jsonLayout =
        ConfigKey.optional(
            section + ".json-layout",
            ConfigType.oneOf(JsonLayout.class),
            "value",
            "With `value`, a record of `%s.format: json` is one JSON value. With `lines`, each of its lines is one, and a line that is none is a dead letter without the others."
                .formatted(section));
    valueEncoding =
        ConfigKey.optional(
            section + ".value-encoding",
            ConfigType.oneOf(ValueEncoding.class),
            "none",
            "With `base64` or `gzip`, the value of each record is decoded or unpacked before it is read. With `none`, it is read as it is.");
    keyType =
        ConfigKey.derived(
            section + ".key-type",
            ConfigType.oneOf(KeyType.class),
            "plain text; a key that is JSON with quotes, braces or brackets is refused",
            "Kafka's keys are of this type, which `$key` goes by. `text` is any UTF-8 text. `int`, `long` and `uuid` are 4, 8 and 16 bytes, the highest first. `json` is one JSON value, with or without the id of a schema before it, and `$key.meter.id` leads into it. `avro` and `protobuf` are keys that name their schema, in the header `__key_schema_id` or in five bytes before them, which `registry.url` has. Bytes that are no text are refused unless their type is declared.");
    each =
        ConfigKey.derived(
                mapping + "each",
                ElementTypes.each(),
                "a record is one observation",
                "Each element of this array or map is an observation, and the other paths of the mapping begin at the element. `^.name` begins at the element or record around it, `$.name` at the record, and `$each.key` and `$each.value` are the name and value of an entry. `$` goes over the record itself. See [several observations in a record](how-to/several-observations.md).")
            .example("resourceMetrics[*].scopeMetrics[*].metrics[*].gauge.dataPoints");
    where =
        ConfigKey.derived(
                mapping + "where",
                ElementTypes.conditions(path),
                "all records",
                "Only records, or elements, for which all of this holds are observations. The others are counted as `passedOverRecords`, and are no dead letters.")
            .example("{name: cpu, tags.cpu: {matches: \"cpu\\\\d+\"}, op: [c, u, r]}");
    decimalScale =
        ConfigKey.derived(
                mapping + "decimal-scale",
                ConfigType.count(0, 1_000, "digits"),
                "what the schema in the record says",
                "Values that are text are the decimals of Kafka Connect in base64, with so many digits behind the point.")
            .example("2");
  }

  /** Returns those that are about a record, in the order of the reference page. */
  public List<ConfigKey<?>> ofRecord() {
    return List.of(jsonLayout, valueEncoding, keyType);
  }

  /** Returns those of the mapping, in the order of the reference page. */
  public List<ConfigKey<?>> ofMapping() {
    return List.of(each, where, decimalScale);
  }
}
