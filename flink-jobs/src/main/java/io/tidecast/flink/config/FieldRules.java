package io.tidecast.flink.config;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.format.avro.AvroNumbers;
import io.tidecast.flink.format.field.Each;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.FieldPath.Place;
import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.KeyType;
import io.tidecast.flink.grid.Spelling;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Holds the fields of a mapping against what is known of them before the first record. That is
 * everything of Avro records, and what Kafka keeps beside the value of any record. One thread uses
 * it.
 */
final class FieldRules {

  private static final Set<Schema.Type> NUMBERS =
      EnumSet.of(Schema.Type.INT, Schema.Type.LONG, Schema.Type.FLOAT, Schema.Type.DOUBLE);
  static final Set<Schema.Type> TEXTS = EnumSet.of(Schema.Type.STRING, Schema.Type.ENUM);
  static final Set<Schema.Type> NAMES =
      EnumSet.of(Schema.Type.STRING, Schema.Type.ENUM, Schema.Type.INT, Schema.Type.LONG);

  private final ConfigValues values;
  private final RecordFormatKeys keys;
  private final ElementRules elements;

  /**
   * Holds what a record is, and below it what an element of each level is; null if that is not
   * known.
   */
  private final @Nullable List<List<Schema>> nodes;

  private final @Nullable Schema ofKeys;
  private final boolean numericStrings;

  /**
   * What records are, as far as that is known.
   *
   * @param value null if values have no schema
   * @param key null if keys have none
   */
  record Schemas(@Nullable Schema value, @Nullable Schema key) {}

  FieldRules(ConfigValues values, RecordFormatKeys keys, Schemas schemas, boolean numericStrings) {
    this.values = values;
    this.keys = keys;
    this.elements = new ElementRules(values, keys);
    this.numericStrings = numericStrings;
    this.ofKeys = schemas.key();
    this.nodes = schemas.value() == null ? null : nodes(schemas.value());
  }

  void checkNames() {
    checkAll(keys.key, NAMES, "text or a whole number");
    if (keys.group != null) {
      check(keys.group, values.get(keys.group), NAMES, "text or a whole number");
    }
  }

  void checkValues() {
    checkAll(keys.values, numbers(), "a number");
    check(keys.name, values.get(keys.name), NAMES, "text");
    check(keys.value, values.get(keys.value), numbers(), "a number");
  }

  /** Refuses paths of what lines of files, or records of topics, do not have. */
  void checkPlaces(boolean csv) {
    Stream.of(keys.key, keys.times.time, keys.values)
        .filter(key -> values.get(key) != null)
        .forEach(key -> values.require(key).forEach(path -> checkPlace(key, path, csv)));
    Stream.of(keys.group, keys.name, keys.value)
        .filter(key -> key != null && values.get(key) != null)
        .forEach(key -> checkPlace(key, values.require(key), csv));
    elements.where().forEach(one -> checkPlace(keys.elements.where, one.path(), csv));
  }

  /** Refuses conditions on fields that no record has. */
  void checkConditions() {
    elements
        .where()
        .forEach(
            condition -> {
              var unused = resolve(keys.elements.where, condition.path());
            });
  }

  private void checkPlace(ConfigKey<?> key, FieldPath path, boolean csv) {
    if (!csv && path.isColumnAlone()) {
      values.problem("must be %s: %s=%s".formatted(key.type().range(), key.path(), path));
      return;
    }
    elements.check(key, path);
    boolean ofFiles = path.place() == Place.FILE;
    if (path.place() != Place.VALUE && ofFiles != csv) {
      values.problem(
          "must be %s with %s=%s: %s=%s"
              .formatted(
                  csv ? "a column or $file" : "of a record",
                  keys.format.path(),
                  Spelling.of(values.require(keys.format)),
                  key.path(),
                  path));
    }
  }

  /** Returns what numbers may be. */
  Set<Schema.Type> numbers() {
    if (!numericStrings) {
      return NUMBERS;
    }
    Set<Schema.Type> numbers = EnumSet.copyOf(NUMBERS);
    numbers.add(Schema.Type.STRING);
    return numbers;
  }

  private void checkAll(ConfigKey<List<FieldPath>> key, Set<Schema.Type> wanted, String what) {
    List<FieldPath> paths = values.get(key);
    if (paths != null) {
      paths.forEach(path -> check(key, path, wanted, what));
    }
  }

  /** Refuses a field that can never be what is wanted. */
  private void check(
      ConfigKey<?> key, @Nullable FieldPath path, Set<Schema.Type> wanted, String what) {
    if (path != null) {
      checkTypes(key, path, resolve(key, path), wanted, what);
    }
  }

  /** Refuses a field that has none of the wanted types. */
  void checkTypes(
      ConfigKey<?> key,
      FieldPath path,
      @Nullable List<Schema> found,
      Set<Schema.Type> wanted,
      String what) {
    if (found != null && found.stream().noneMatch(one -> isOneOf(wanted, one))) {
      values.problem(
          "must lead to %s: %s=%s is of type %s"
              .formatted(
                  what,
                  key.path(),
                  path,
                  found.isEmpty()
                      ? "null"
                      : found.stream()
                          .map(one -> one.getType().getName())
                          .collect(Collectors.joining(" or "))));
    }
  }

  /** A decimal is a number and a UUID is text, whatever Avro writes them as. */
  private static boolean isOneOf(Set<Schema.Type> wanted, Schema schema) {
    return wanted.contains(schema.getType())
        || wanted.contains(Schema.Type.LONG) && AvroNumbers.isDecimal(schema)
        || wanted.contains(Schema.Type.STRING)
            && schema.getLogicalType() instanceof LogicalTypes.Uuid;
  }

  /**
   * Returns what a path may lead to, null aside. It is null if that is not known, or nothing is
   * there.
   */
  @Nullable List<Schema> resolve(ConfigKey<?> key, FieldPath path) {
    List<FieldPath> choices = path.choices();
    if (choices.size() == 1) {
      return resolveOne(key, path);
    }
    List<Schema> all = new ArrayList<>();
    for (FieldPath choice : choices) {
      // Kafka's timestamp as the last resort is milliseconds, whatever the others are.
      List<Schema> found = choice.place() == Place.TIMESTAMP ? List.of() : resolveOne(key, choice);
      if (found == null) {
        return null;
      }
      all.addAll(found);
    }
    return all;
  }

  private @Nullable List<Schema> resolveOne(ConfigKey<?> key, FieldPath path) {
    switch (path.place()) {
      case TIMESTAMP -> {
        return List.of(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)));
      }
      case KEY -> {
        return ofKey(key, path);
      }
      case ELEMENT_KEY -> {
        return List.of(Schema.create(Schema.Type.STRING), Schema.create(Schema.Type.INT));
      }
      case HEADER, TOPIC, FILE -> {
        return List.of(Schema.create(Schema.Type.STRING));
      }
      case VALUE -> {}
    }
    if (nodes == null) {
      return null;
    }
    int level = path.levelsUp() == FieldPath.WHOLE ? 0 : elements.each().depth() - path.levelsUp();
    return level < 0 || level >= nodes.size()
        ? null
        : below(key, path, nodes.get(level), path.steps());
  }

  private @Nullable List<Schema> ofKey(ConfigKey<?> key, FieldPath path) {
    KeyType type = values.get(keys.elements.keyType);
    if (type == null) {
      return List.of(Schema.create(Schema.Type.STRING));
    }
    return switch (type) {
      case TEXT, UUID -> List.of(Schema.create(Schema.Type.STRING));
      case INT, LONG -> List.of(Schema.create(Schema.Type.LONG));
      case JSON -> null;
      case AVRO, PROTOBUF ->
          ofKeys == null ? null : below(key, path, branches(ofKeys).toList(), path.steps());
    };
  }

  /** Returns what a way down leads to; null if it leads nowhere, and there is a problem more. */
  private @Nullable List<Schema> below(
      ConfigKey<?> key, Object path, List<Schema> from, List<Step> steps) {
    List<Schema> nodes = from;
    for (Step step : steps) {
      List<Schema> children = new ArrayList<>();
      for (Schema node : nodes) {
        addChild(node, step, children);
      }
      if (children.isEmpty()) {
        values.problem(
            "must name a field of the schema: %s=%s; there is no %s in %s"
                .formatted(key.path(), path, step, describe(nodes)));
        return null;
      }
      nodes = children.stream().flatMap(FieldRules::branches).toList();
    }
    return nodes;
  }

  /** Returns what each level of elements is; it ends where that is not known. */
  private List<List<Schema>> nodes(Schema schema) {
    List<List<Schema>> levels = new ArrayList<>(List.of(List.of(schema)));
    for (Each.Level level : elements.each().levels()) {
      List<Schema> found = new ArrayList<>();
      for (Each.Way way : level.ways()) {
        List<Schema> containers =
            below(keys.elements.each, elements.each(), levels.get(levels.size() - 1), way.steps());
        if (containers == null) {
          return levels;
        }
        List<Schema> children = containers.stream().flatMap(FieldRules::elements).toList();
        if (children.isEmpty()) {
          values.problem(
              "must lead to an array or a map: %s=%s leads to %s"
                  .formatted(keys.elements.each.path(), elements.each(), describe(containers)));
          return levels;
        }
        children.stream().flatMap(FieldRules::branches).forEach(found::add);
      }
      levels.add(found);
    }
    return levels;
  }

  private static Stream<Schema> elements(Schema node) {
    return switch (node.getType()) {
      case ARRAY -> Stream.of(node.getElementType());
      case MAP -> Stream.of(node.getValueType());
      case RECORD -> node.getFields().stream().map(Schema.Field::schema);
      default -> Stream.empty();
    };
  }

  private static void addChild(Schema node, Step step, List<Schema> children) {
    if (step.ofArray()) {
      if (node.getType() == Schema.Type.ARRAY) {
        children.add(node.getElementType());
      }
    } else if (node.getType() == Schema.Type.MAP) {
      children.add(node.getValueType());
    } else if (node.getType() == Schema.Type.RECORD && node.getField(step.name()) != null) {
      children.add(node.getField(step.name()).schema());
    }
  }

  private static Stream<Schema> branches(Schema schema) {
    return schema.getType() == Schema.Type.UNION
        ? schema.getTypes().stream().filter(one -> one.getType() != Schema.Type.NULL)
        : schema.getType() == Schema.Type.NULL ? Stream.empty() : Stream.of(schema);
  }

  private static String describe(List<Schema> nodes) {
    return nodes.isEmpty()
        ? "null"
        : nodes.stream()
            .map(
                node ->
                    node.getType() == Schema.Type.RECORD
                        ? "%s with %s"
                            .formatted(
                                node.getFullName(),
                                node.getFields().stream()
                                    .map(Schema.Field::name)
                                    .collect(Collectors.joining(", ")))
                        : "type " + node.getType().getName())
            .collect(Collectors.joining(", or in "));
  }
}
