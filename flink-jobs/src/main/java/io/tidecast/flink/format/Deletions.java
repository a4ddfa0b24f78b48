package io.tidecast.flink.format;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.FieldReader;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.RefusedException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Knows the records of a change log that say that a row is gone: the mapping reads what is below
 * {@code after}, that is null, and the {@code op} beside it is one that leaves nothing. One thread
 * uses it.
 */
final class Deletions {

  private static final String AFTER = "after";

  /** Stands for deleted, truncated and a message that is about no row. */
  private static final Set<String> OPERATIONS = Set.of("d", "t", "m");

  private final FieldReader fields;
  private final int depth;
  private final @Nullable FieldPath after;
  private final @Nullable FieldPath operation;

  Deletions(Mapping mapping, FieldReader fields) {
    this.fields = fields;
    this.depth = mapping.each().depth();
    Stream<FieldPath> ofElements =
        mapping.each().levels().stream()
            .limit(1)
            .flatMap(level -> level.ways().stream())
            .map(way -> FieldPath.ofWhole(way.steps()));
    Optional<FieldPath> path =
        Stream.concat(ofElements, mapping.fields()).filter(field -> step(field) >= 0).findFirst();
    this.after = path.map(field -> field.beside(step(field), AFTER)).orElse(null);
    this.operation = path.map(field -> field.beside(step(field), "op")).orElse(null);
  }

  /** Returns which step of a path goes into what a row became; -1 if none does. */
  private static int step(FieldPath path) {
    for (int i = 0; i < path.steps().size(); i++) {
      if (AFTER.equals(path.steps().get(i).name())) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Whether what the reader stands at says so.
   *
   * @param level of elements that it stands at
   */
  boolean isDeletion(int level) {
    if (after == null || operation == null) {
      return false;
    }
    if (level < depth && after.levelsUp() != FieldPath.WHOLE) {
      return false;
    }
    try {
      Object found = fields.field(operation);
      return found instanceof String text
          && OPERATIONS.contains(text)
          && fields.field(after) == null;
    } catch (RefusedException e) {
      return false;
    }
  }
}
