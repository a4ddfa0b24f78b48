package io.tidecast.flink.format.avro;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Brings what was decoded with the schema that wrote it into the shape of the schema that is read.
 *
 * <p>Avro can resolve one schema to another while it decodes. It is not used, for it would take
 * times of one unit for those of another, decimals of one scale for those of another, and refuse a
 * whole record for a field that nobody reads. Here fields find each other by name or alias; a
 * number, a text or a time is what the schema that wrote it says; and what cannot be read stays
 * where it is until somebody asks for it.
 */
abstract class Shape {

  /** It changes nothing. */
  static final Shape SAME =
      new Shape() {
        @Override
        @Nullable Object of(@Nullable Object datum) {
          return datum;
        }
      };

  /** Returns a datum in the shape that is read; null is null. */
  abstract @Nullable Object of(@Nullable Object datum);

  /**
   * Stands in the place of what cannot be read as what is expected there.
   *
   * @param why in words that follow the name of the field
   */
  record Unreadable(String why) {

    RefusedException refused(String field) {
      return new RefusedException(
          ErrorCode.INCOMPATIBLE_SCHEMA,
          "field must be what the mapping was held against: %s %s".formatted(field, why));
    }
  }

  /** What stands in the place of a datum of another kind. */
  static Shape unreadable(String why) {
    Unreadable unreadable = new Unreadable(why);
    return new Shape() {
      @Override
      @Nullable Object of(@Nullable Object datum) {
        return datum == null ? null : unreadable;
      }
    };
  }

  /** Elements of an array. */
  static Shape list(Shape element) {
    return element == SAME
        ? SAME
        : new Shape() {
          @Override
          @Nullable Object of(@Nullable Object datum) {
            if (!(datum instanceof List<?> list)) {
              return datum;
            }
            List<@Nullable Object> shaped = new ArrayList<>(list.size());
            for (Object one : list) {
              shaped.add(element.of(one));
            }
            return shaped;
          }
        };
  }

  /** Values of a map. */
  static Shape map(Shape value) {
    return value == SAME
        ? SAME
        : new Shape() {
          @Override
          @Nullable Object of(@Nullable Object datum) {
            if (!(datum instanceof Map<?, ?> map)) {
              return datum;
            }
            Map<Object, @Nullable Object> shaped = new HashMap<>();
            map.forEach((name, one) -> shaped.put(name, value.of(one)));
            return shaped;
          }
        };
  }

  /** One of the branches of a union, which the datum itself tells. */
  static Shape union(GenericData data, Schema written, List<Shape> branches) {
    return branches.stream().allMatch(one -> one == SAME)
        ? SAME
        : new Shape() {
          @Override
          @Nullable Object of(@Nullable Object datum) {
            return datum == null ? null : branches.get(data.resolveUnion(written, datum)).of(datum);
          }
        };
  }

  /**
   * A record.
   *
   * @param read its schema
   */
  static Shape record(Schema read, Source[] sources) {
    return new Shape() {
      @Override
      @Nullable Object of(@Nullable Object datum) {
        if (!(datum instanceof IndexedRecord written)) {
          return datum;
        }
        GenericData.Record record = new GenericData.Record(read);
        for (int i = 0; i < sources.length; i++) {
          record.put(i, sources[i].of(written));
        }
        return record;
      }
    };
  }

  /** Says where the value of a field is from. */
  interface Source {

    @Nullable Object of(IndexedRecord written);

    /** It is in another field of the record that was written. */
    static Source field(int position, Shape shape) {
      return written -> shape.of(written.get(position));
    }

    /** It is the same in every record. */
    static Source always(@Nullable Object value) {
      return written -> value;
    }
  }

  /** A shape of a record within itself, which is known once the whole is. */
  static final class Later extends Shape {

    private Shape shape = SAME;

    void is(Shape known) {
      shape = known;
    }

    @Override
    @Nullable Object of(@Nullable Object datum) {
      return shape.of(datum);
    }
  }
}
