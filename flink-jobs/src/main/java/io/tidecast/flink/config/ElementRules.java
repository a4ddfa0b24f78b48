package io.tidecast.flink.config;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.format.SourceFormat.Kind;
import io.tidecast.flink.format.field.Condition;
import io.tidecast.flink.format.field.Each;
import io.tidecast.flink.format.field.Encodings;
import io.tidecast.flink.format.field.Encodings.ValueEncoding;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.FieldPath.Place;
import io.tidecast.flink.format.field.KeyFormat;
import io.tidecast.flink.format.field.KeyType;
import io.tidecast.flink.format.key.DeclaredKeys;
import io.tidecast.flink.grid.Spelling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the keys that are about several observations in a record, and about its encodings, against
 * the others. A key that was refused by itself breaks no rule here. One thread uses it.
 */
final class ElementRules {

  private final ConfigValues values;
  private final RecordFormatKeys keys;

  ElementRules(ConfigValues values, RecordFormatKeys keys) {
    this.values = values;
    this.keys = keys;
  }

  /** Refuses what the format has no use for. */
  void check(Kind kind) {
    if (kind != Kind.JSON) {
      refuse(keys.elements.jsonLayout, kind);
      refuse(keys.elements.decimalScale, kind);
    }
    if (kind == Kind.CSV) {
      refuse(keys.elements.each, kind);
      refuse(keys.elements.keyType, kind);
    }
    if (kind == Kind.CSV || kind == Kind.TIDECAST) {
      refuse(keys.elements.valueEncoding, kind);
    }
  }

  private void refuse(ConfigKey<?> key, Kind kind) {
    if (values.isGiven(key)) {
      values.problem(
          "must not be given with %s=%s: %s"
              .formatted(keys.format.path(), Spelling.of(kind), key.path()));
    }
  }

  Each each() {
    Each each = values.get(keys.elements.each);
    return each == null ? Each.NONE : each;
  }

  List<Condition> where() {
    List<Condition> where = values.get(keys.elements.where);
    return where == null ? List.of() : where;
  }

  /**
   * @param key what keys are that a registry has the schemas of; null for others
   */
  Encodings encodings(@Nullable KeyFormat key) {
    ValueEncoding encoding = values.get(keys.elements.valueEncoding);
    KeyType type = values.get(keys.elements.keyType);
    return new Encodings(
        encoding == null ? ValueEncoding.NONE : encoding,
        key == null && type != null && !type.isOfRegistry() ? new DeclaredKeys(type) : key,
        values.get(keys.elements.decimalScale));
  }

  private static boolean hasParts(@Nullable KeyType type) {
    return type != null && type.hasParts();
  }

  /** Refuses a path that begins where nothing is, or goes into a key without parts. */
  void check(ConfigKey<?> key, @Nullable FieldPath path) {
    if (path == null) {
      return;
    }
    boolean known = !values.isGiven(keys.elements.each) || values.get(keys.elements.each) != null;
    int depth = each().depth();
    for (FieldPath choice : path.choices()) {
      if (known && choice.isOfElement() && depth == 0) {
        values.problem(
            "must go with %s, which says what an element is: %s=%s"
                .formatted(keys.elements.each.path(), key.path(), path));
      } else if (known && choice.levelsUp() > depth) {
        values.problem(
            "must go up %d times at most, which is out of the record: %s=%s"
                .formatted(depth, key.path(), path));
      }
      if (choice.place() == Place.KEY
          && !choice.steps().isEmpty()
          && !hasParts(values.get(keys.elements.keyType))) {
        values.problem(
            "must be json, avro or protobuf where a path leads into the key: %s; %s=%s"
                .formatted(keys.elements.keyType.path(), key.path(), path));
      }
    }
  }
}
