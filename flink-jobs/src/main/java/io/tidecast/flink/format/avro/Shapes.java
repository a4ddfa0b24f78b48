package io.tidecast.flink.format.avro;

import io.tidecast.flink.format.avro.Shape.Source;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/** Finds out how a schema that wrote records becomes the one that is read. One thread uses it. */
final class Shapes {

  private static final Set<Schema.Type> TEXTS = EnumSet.of(Schema.Type.STRING, Schema.Type.ENUM);

  /** Numbers, text and truth: whether the mapping can use one is decided when it asks for it. */
  private static final Set<Schema.Type> LEAVES =
      EnumSet.of(
          Schema.Type.INT,
          Schema.Type.LONG,
          Schema.Type.FLOAT,
          Schema.Type.DOUBLE,
          Schema.Type.STRING,
          Schema.Type.ENUM,
          Schema.Type.BOOLEAN,
          Schema.Type.BYTES,
          Schema.Type.FIXED,
          Schema.Type.NULL);

  private final GenericData data;

  /** Records within themselves meet again: written by read. */
  private final IdentityHashMap<Schema, IdentityHashMap<Schema, Shape.Later>> met =
      new IdentityHashMap<>();

  private Shapes(GenericData data) {
    this.data = data;
  }

  /**
   * Returns what makes of a record that was written one that is read, or says why there is none.
   *
   * @param data that decodes what is written
   */
  static Shape of(GenericData data, Schema read, Schema written) {
    // Equal schemas may have other aliases.
    boolean same = read.equals(written) && read.toString().equals(written.toString());
    return same ? Shape.SAME : new Shapes(data).shape(read, written);
  }

  private Shape shape(Schema read, Schema written) {
    if (written.getType() == Schema.Type.UNION) {
      List<Shape> branches =
          written.getTypes().stream().map(branch -> shape(read, branch)).toList();
      return Shape.union(data, written, branches);
    }
    if (written.getType() == Schema.Type.NULL) {
      return Shape.SAME;
    }
    if (read.getType() == Schema.Type.UNION) {
      Schema branch = branch(read, written);
      return branch == null
          ? Shape.unreadable(
              "was written as %s, and is %s".formatted(described(written), described(read)))
          : shape(branch, written);
    }
    Shape shape = shapeOfOne(read, written);
    return shape != null
        ? shape
        : Shape.unreadable(
            "was written as %s, and is %s".formatted(described(written), described(read)));
  }

  /** Returns null if the one cannot become the other. Neither is a union, nor is null written. */
  private @Nullable Shape shapeOfOne(Schema read, Schema written) {
    Schema.Type type = written.getType();
    if (type == Schema.Type.RECORD && read.getType() == Schema.Type.RECORD) {
      return sameName(read, written) ? record(read, written) : null;
    }
    if (type == Schema.Type.ARRAY && read.getType() == Schema.Type.ARRAY) {
      return Shape.list(shape(read.getElementType(), written.getElementType()));
    }
    if (type == Schema.Type.MAP && read.getType() == Schema.Type.MAP) {
      return Shape.map(shape(read.getValueType(), written.getValueType()));
    }
    if (LEAVES.contains(type) && LEAVES.contains(read.getType())) {
      return leaf(read, written);
    }
    return AvroNumbers.isNumber(read) && AvroNumbers.isNumber(written) ? Shape.SAME : null;
  }

  /** Times must be of one kind; all else that is wrong with a leaf is found where it is read. */
  private static @Nullable Shape leaf(Schema read, Schema written) {
    TimeUnits expected = TimeUnits.of(read);
    TimeUnits found = TimeUnits.of(written);
    if (found != null && expected != null) {
      return found.to(expected);
    }
    if (expected == null) {
      // The mapping has a unit of its own for what it takes for a plain number.
      return found == null ? Shape.SAME : null;
    }
    // A name for what the numbers always were changes none of them.
    boolean unnamed = written.getLogicalType() == null && written.getType() == read.getType();
    return unnamed ? Shape.SAME : null;
  }

  /** Returns the branch of a union that something written would be read as, or null. */
  private static @Nullable Schema branch(Schema union, Schema written) {
    Schema last = null;
    for (Schema branch : union.getTypes()) {
      if (branch.getType() == written.getType()) {
        boolean named = written.getType() == Schema.Type.RECORD;
        if (!named || sameName(branch, written)) {
          return branch;
        }
      }
      boolean numbers = AvroNumbers.isNumber(branch) && AvroNumbers.isNumber(written);
      boolean texts = TEXTS.contains(branch.getType()) && TEXTS.contains(written.getType());
      if (numbers || texts) {
        last = branch;
      }
    }
    if (last == null && LEAVES.contains(written.getType())) {
      // A leaf is what was written, whatever other leaves there may be.
      for (Schema branch : union.getTypes()) {
        if (LEAVES.contains(branch.getType()) && branch.getType() != Schema.Type.NULL) {
          return branch;
        }
      }
    }
    return last;
  }

  private Shape record(Schema read, Schema written) {
    IdentityHashMap<Schema, Shape.Later> before =
        met.computeIfAbsent(written, one -> new IdentityHashMap<>());
    Shape.Later met = before.get(read);
    if (met != null) {
      return met;
    }
    Shape.Later later = new Shape.Later();
    before.put(read, later);
    List<Schema.Field> fields = read.getFields();
    Source[] sources = new Source[fields.size()];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = source(read, fields.get(i), written);
    }
    Shape shape = Shape.record(read, sources);
    later.is(shape);
    return shape;
  }

  private Source source(Schema read, Schema.Field field, Schema written) {
    Schema.Field byName =
        isFormerOther(read, field, written) ? null : written.getField(field.name());
    Schema.Field byAlias = null;
    for (String alias : field.aliases()) {
      Schema.Field named = written.getField(alias);
      if (named != null && byAlias != null) {
        return Source.always(ambiguous(byAlias, named));
      }
      byAlias = named == null ? byAlias : named;
    }
    if (byName != null && byAlias != null && areExchanged(read, byName, byAlias, written)) {
      return Source.always(ambiguous(byName, byAlias));
    }
    Schema.Field from = byName != null ? byName : byAlias;
    from = from == null ? renamed(read, field, written) : from;
    if (from != null) {
      return Source.field(from.pos(), shape(field.schema(), from.schema()));
    }
    return Source.always(field.hasDefaultValue() ? data.getDefaultValue(field) : null);
  }

  /** Says whether what has the name of a field in the record was another field at that time. */
  private static boolean isFormerOther(Schema read, Schema.Field field, Schema written) {
    return read.getFields().stream()
        .anyMatch(
            other ->
                !other.name().equals(field.name())
                    && other.aliases().contains(field.name())
                    && written.getField(other.name()) == null);
  }

  /**
   * Says whether fields have taken each other's names, and nothing tells whether that was before or
   * after the record was written.
   */
  private static boolean areExchanged(
      Schema read, Schema.Field byName, Schema.Field byAlias, Schema written) {
    Schema.Field other = read.getField(byAlias.name());
    return other != null
        && !byName.aliases().contains(byAlias.name())
        && other.aliases().stream().anyMatch(alias -> written.getField(alias) != null);
  }

  /** Returns the field that says of itself that it has had this name, if there is one. */
  private static Schema.@Nullable Field renamed(Schema read, Schema.Field field, Schema written) {
    for (Schema.Field one : written.getFields()) {
      if (one.aliases().contains(field.name()) && read.getField(one.name()) == null) {
        return one;
      }
    }
    return null;
  }

  private static Shape.Unreadable ambiguous(Schema.Field one, Schema.Field other) {
    return new Shape.Unreadable(
        "may be %s or %s of what was written, for one is an alias of the other"
            .formatted(one.name(), other.name()));
  }

  private static boolean sameName(Schema read, Schema written) {
    return read.getName().equals(written.getName())
        || read.getAliases().contains(written.getFullName())
        || written.getAliases().contains(read.getFullName());
  }

  static String described(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> schema.getFullName();
      case UNION -> String.join(" or ", schema.getTypes().stream().map(Shapes::described).toList());
      default -> {
        LogicalType logical = schema.getLogicalType();
        String type = schema.getType().getName();
        yield logical == null ? type : "%s (%s)".formatted(logical.getName(), type);
      }
    };
  }
}
