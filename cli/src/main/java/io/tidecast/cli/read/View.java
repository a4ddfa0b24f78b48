package io.tidecast.cli.read;

import java.util.List;
import java.util.Map;

/** How records of one kind are shown. */
interface View<T> {

  /** Lines for people, about one record. */
  List<String> lines(Decoded<T> decoded, T value);

  /** The same as names and values, for programs. */
  Map<String, Object> json(Decoded<T> decoded, T value);

  /** Lines for people, about several records together. */
  default List<String> lines(List<Decoded<T>> all) {
    return all.stream()
        .flatMap(one -> (one.value() == null ? unread(one) : lines(one, one.value())).stream())
        .toList();
  }

  /** Says why a record cannot be shown. */
  static List<String> unread(Decoded<?> decoded) {
    return List.of("%s cannot be read: %s".formatted(decoded.place(), decoded.problem()));
  }
}
