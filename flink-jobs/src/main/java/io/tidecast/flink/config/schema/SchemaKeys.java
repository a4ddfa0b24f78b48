package io.tidecast.flink.config.schema;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.format.schema.Framing;
import java.util.List;
import java.util.Map;

/** Has the keys of a section that say which schemas the records of its topic were written with. */
public final class SchemaKeys {

  final ConfigKey<Framing> framing;
  final ConfigKey<String> subject;
  final ConfigKey<String> keySubject;
  final ConfigKey<String> avroSchema;
  final ConfigKey<Map<Integer, String>> avroSchemas;

  /** This is the former name of the framing, which is still read. */
  final ConfigKey<Framing> avroFraming;

  final ConfigKey<String> protobufDescriptor;
  final ConfigKey<String> protobufMessage;

  public SchemaKeys(String section) {
    framing =
        ConfigKey.optional(
            section + ".framing",
            ConfigType.oneOf(Framing.class),
            "none",
            "With `confluent`, each record of `json`, `avro` or `protobuf` names the schema that it was written with, as Confluent's serializers do: in the header `__value_schema_id`, or else in the five bytes before the record, a zero and a schema id. With `none`, there is nothing before a record.");
    subject =
        ConfigKey.derived(
                section + ".subject",
                ConfigType.text(),
                "the topic followed by `-value`",
                "The mapping is held against the latest schema of this subject of the registry, unless the job file names a schema. It is asked when the job is submitted.")
            .example("com.example.Reading");
    keySubject =
        ConfigKey.derived(
                section + ".key-subject",
                ConfigType.text(),
                "the topic followed by `-key`",
                "Paths into keys of `%s.key-type: avro` or `protobuf` are held against the latest schema of this subject of the registry. It is asked when the job is submitted."
                    .formatted(section))
            .example("com.example.Meter");
    avroSchema =
        ConfigKey.derived(
                section + ".avro-schema",
                ConfigType.text(),
                "needed with `%s.format: avro`, unless `%1$s.avro-schemas` or `registry.url` is given"
                    .formatted(section),
                "The mapping is held against this schema, which is given as JSON text or as the path of its file. A relative path begins at the working directory, and the file is read where the job is submitted. Without `registry.url` and `%s.avro-schemas`, all records must have been written with it%s."
                    .formatted(
                        section,
                        section.equals("source")
                            ? ", and framed ones that name another schema than the first ones of the topic are dead letters"
                            : ""))
            .example("schemas/reading.avsc");
    avroSchemas =
        ConfigKey.derived(
                section + ".avro-schemas",
                ConfigType.numbered("schema ids", ConfigType.text()),
                "as `%s.avro-schema` or the registry says".formatted(section),
                "The records of a framed topic were written with these schemas, each by its id, where there is no registry to ask. A record of any other id is a dead letter. Without `%s.avro-schema` the mapping is held against the one with the highest id."
                    .formatted(section))
            .example("{1: reading-1.avsc, 4: reading-2.avsc}");
    avroFraming =
        ConfigKey.derived(
            section + ".avro-framing",
            ConfigType.oneOf(Framing.class),
            "as `%s.framing`".formatted(section),
            "This is the former name of `%s.framing`, for Avro alone, with the same values `confluent` and `none`."
                .formatted(section));
    protobufDescriptor =
        ConfigKey.derived(
                section + ".protobuf-descriptor",
                ConfigType.text(),
                "needed with `%s.format: protobuf`, unless `registry.url` is given"
                    .formatted(section),
                "The records are of a message of this descriptor set, which is the path of a file that `protoc --include_imports --descriptor_set_out=FILE` has written. A relative path begins at the working directory, and the file is read where the job is submitted.")
            .example("schemas/reading.desc");
    protobufMessage =
        ConfigKey.derived(
                section + ".protobuf-message",
                ConfigType.text(),
                "the only message of the schema",
                "The records are of this message, by its whole name. Framed records of other messages are dead letters.")
            .example("com.example.Reading");
  }

  /** Returns every key in the order of the reference page. */
  public List<ConfigKey<?>> all() {
    return List.of(
        framing,
        subject,
        keySubject,
        avroSchema,
        avroSchemas,
        avroFraming,
        protobufDescriptor,
        protobufMessage);
  }

  /** Returns the keys that only Avro has a use for. */
  List<ConfigKey<?>> ofAvro() {
    return List.of(avroSchema, avroSchemas, avroFraming);
  }

  /** Returns the keys that only Protobuf has a use for. */
  List<ConfigKey<?>> ofProtobuf() {
    return List.of(protobufDescriptor, protobufMessage);
  }
}
