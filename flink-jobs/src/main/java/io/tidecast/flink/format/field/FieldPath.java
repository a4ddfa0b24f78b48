package io.tidecast.flink.format.field;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says where a field is. It is either a path through the value, such as {@code
 * meter.readings[0].kwh}, with a backslash before a character of a name that would mean something
 * else ({@code a\.b}); or one of {@code $key}, {@code $header.NAME}, {@code $timestamp} and {@code
 * $topic}, which are what Kafka keeps beside the value; or {@code $file}, the name of the file that
 * a line is from.
 *
 * <p>Immutable; equal to every path of the same text.
 */
public final class FieldPath implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final String HEADER_PREFIX = "$header.";

  private final String text;
  private final Place place;
  private final ArrayList<Step> steps;
  private final boolean columnAlone;

  private FieldPath(String text, Place place, ArrayList<Step> steps) {
    this.text = text;
    this.place = place;
    this.steps = steps;
    this.columnAlone = false;
  }

  private FieldPath(String column) {
    this.text = column;
    this.place = Place.VALUE;
    this.steps = new ArrayList<>(List.of(new Step(column, -1)));
    this.columnAlone = true;
  }

  /** Says where a path begins. */
  public enum Place {
    VALUE,
    KEY,
    HEADER,
    TIMESTAMP,
    TOPIC,
    FILE
  }

  /**
   * Goes one step down.
   *
   * @param name of a field, null for an element
   * @param index of an element, from 0; -1 for a field
   */
  public record Step(@Nullable String name, int index) implements Serializable {

    @Override
    public String toString() {
      return name == null ? "[" + index + "]" : name;
    }
  }

  /**
   * @throws IllegalArgumentException if the text is no path
   */
  public static FieldPath parse(String text) {
    if (!text.startsWith("$")) {
      return new FieldPath(text, Place.VALUE, steps(text));
    }
    if (text.startsWith(HEADER_PREFIX) && text.length() > HEADER_PREFIX.length()) {
      return new FieldPath(text, Place.HEADER, new ArrayList<>());
    }
    Place place =
        switch (text) {
          case "$key" -> Place.KEY;
          case "$timestamp" -> Place.TIMESTAMP;
          case "$topic" -> Place.TOPIC;
          case "$file" -> Place.FILE;
          default -> throw new IllegalArgumentException("path must be a reserved one: " + text);
        };
    return new FieldPath(text, place, new ArrayList<>());
  }

  /** Returns the path of a column of a file, whose name is any text. */
  public static FieldPath ofColumn(String name) {
    return new FieldPath(name);
  }

  /** Whether it is the name of a column, and no path through a record with parts. */
  public boolean isColumnAlone() {
    return columnAlone;
  }

  /** Returns the name of the column that it leads to in a record without parts. */
  public String column() {
    Step first = steps.get(0);
    return steps.size() == 1 && first.toString().equals(first.name()) ? first.name() : text;
  }

  public Place place() {
    return place;
  }

  /**
   * Returns the way down through the value. It is empty for what is beside the value, and only for
   * that.
   */
  public List<Step> steps() {
    return steps;
  }

  /** Returns the name of the header. Only a path that leads to one has it. */
  String headerName() {
    return text.substring(HEADER_PREFIX.length());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldPath path && path.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Returns the path as it was written. */
  @Override
  public String toString() {
    return text;
  }

  private static ArrayList<Step> steps(String text) {
    ArrayList<Step> steps = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == '[') {
        int end = text.indexOf(']', at);
        String digits = end < 0 ? "" : text.substring(at + 1, end);
        require(digits.matches("\\d{1,9}"), text);
        steps.add(new Step(null, Integer.parseInt(digits)));
        at = end + 1;
      } else {
        StringBuilder name = new StringBuilder();
        at = name(text, at, name);
        steps.add(new Step(name.toString(), -1));
      }
      if (at < text.length() && text.charAt(at) == '.') {
        at++;
        require(at < text.length() && text.charAt(at) != '[', text);
      } else {
        require(at == text.length() || text.charAt(at) == '[', text);
      }
    }
    require(!steps.isEmpty(), text);
    return steps;
  }

  /** Reads one name and returns where it ends. */
  private static int name(String text, int from, StringBuilder name) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '[') {
      if (text.charAt(at) == '\\') {
        at++;
        require(at < text.length(), text);
      }
      name.append(text.charAt(at));
      at++;
    }
    require(!name.isEmpty(), text);
    return at;
  }

  private static void require(boolean holds, String text) {
    if (!holds) {
      throw new IllegalArgumentException("path must be such as a.b[0].c: " + text);
    }
  }
}
