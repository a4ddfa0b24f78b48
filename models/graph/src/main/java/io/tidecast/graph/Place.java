package io.tidecast.graph;

import org.jspecify.annotations.Nullable;

/**
 * The way to a message through the fields of a file, such as {@code graph.node[3].attribute[0].t}.
 *
 * @param outer null for a field of the file itself
 * @param index among the values of the field; -1 where it has one only
 */
record Place(@Nullable Place outer, String field, int index) {

  @Override
  public String toString() {
    StringBuilder way = new StringBuilder();
    append(way);
    return way.toString();
  }

  private void append(StringBuilder way) {
    if (outer != null) {
      outer.append(way);
      way.append('.');
    }
    way.append(field);
    if (index >= 0) {
      way.append('[').append(index).append(']');
    }
  }
}
