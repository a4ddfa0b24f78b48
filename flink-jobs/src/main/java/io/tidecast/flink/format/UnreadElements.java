package io.tidecast.flink.format;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.FieldPath.Place;
import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.FieldReader;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.record.PassedOver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Counts the elements of arrays that a mapping does not read although it reads others like them:
 * {@code metrics[0].value}, and the record has three metrics. Elements without parts, such as the
 * two of a time and a value, are no others of a kind. One thread uses it.
 */
final class UnreadElements {

  private final FieldReader fields;
  private final List<Indexed> arrays;

  /**
   * An array of which a mapping reads elements by their number.
   *
   * @param path into it
   * @param steps that lead to the array
   * @param read how many elements the mapping reads
   */
  private record Indexed(FieldPath path, int steps, int read) {}

  UnreadElements(Mapping mapping, FieldReader fields) {
    this.fields = fields;
    Map<Array, Set<Integer>> read = new LinkedHashMap<>();
    List<FieldPath> paths = mapping.fields().filter(path -> path.place() == Place.VALUE).toList();
    paths.forEach(path -> add(path, 1, read));
    // And those of the same arrays that no step goes on from.
    paths.forEach(path -> add(path, 0, read));
    this.arrays =
        read.entrySet().stream()
            .map(
                entry ->
                    new Indexed(
                        entry.getKey().path, entry.getKey().way.size(), entry.getValue().size()))
            .toList();
  }

  /**
   * @param after how many steps must follow for an array to be one that is read by number
   */
  private static void add(FieldPath path, int after, Map<Array, Set<Integer>> read) {
    for (int i = 0; i < path.steps().size() - after; i++) {
      int index = path.steps().get(i).index();
      Array array = new Array(path, List.copyOf(path.steps().subList(0, i)));
      if (index >= 0 && (after > 0 || read.containsKey(array))) {
        read.computeIfAbsent(array, none -> new TreeSet<>()).add(index);
      }
    }
  }

  /**
   * An array, which is equal to that of another path where both begin at the same element.
   *
   * @param way that leads to it
   */
  private record Array(FieldPath path, List<Step> way) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Array array
          && array.path.levelsUp() == path.levelsUp()
          && array.way.equals(way);
    }

    @Override
    public int hashCode() {
      return way.hashCode();
    }
  }

  /** Says how many there are in what the reader stands at. */
  void tell(Readings out) {
    for (int i = 0; i < arrays.size(); i++) {
      Indexed array = arrays.get(i);
      int unread = length(array) - array.read;
      if (unread > 0) {
        out.passedOver(PassedOver.Reason.NOT_IN_THE_MAPPING, unread);
      }
    }
  }

  private int length(Indexed array) {
    try {
      return fields.length(array.path, array.steps);
    } catch (RefusedException e) {
      return -1;
    }
  }
}
