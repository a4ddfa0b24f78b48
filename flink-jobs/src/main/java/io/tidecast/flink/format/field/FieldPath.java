package io.tidecast.flink.format.field;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says where a field is.
 *
 * <ul>
 *   <li>{@code meter.readings[0].kwh} goes down through the value. A backslash stands before a
 *       character of a name that would mean something else ({@code a\.b}). {@code
 *       attributes[key=host].value} goes into the one element whose field {@code key} is {@code
 *       host}.
 *   <li>Where a record has several observations, such a path begins at the element that one of them
 *       is made of. {@code ^.name} begins at the element around it, {@code ^^.name} around that,
 *       and {@code $.name} at the value as a whole. {@code $each.key} is the name or index of the
 *       element, and {@code $each.value} the element itself, so that {@code $each.value[0]} is the
 *       same as {@code [0]}.
 *   <li>{@code $key}, {@code $header.NAME}, {@code $timestamp} and {@code $topic} are what Kafka
 *       keeps beside the value, {@code $key.id} is a field of a key with parts, and {@code $file}
 *       is the name of the file that a line is from.
 *   <li>{@code asInt || asDouble} is the first of several that is there and not null.
 * </ul>
 *
 * <p>Immutable; equal to every path of the same text.
 */
public final class FieldPath implements Serializable {

  /** {@link #levelsUp} answers this for a path that begins at the value as a whole. */
  public static final int WHOLE = -1;

  private static final long serialVersionUID = 1L;
  private static final String HEADER_PREFIX = "$header.";
  private static final String KEY_PREFIX = "$key";
  private static final String ELEMENT = "$each.value";
  private static final String ELEMENT_KEY = "$each.key";
  private static final String OR = "||";

  private final String text;
  private final Place place;
  private final int levelsUp;
  private final ArrayList<Step> steps;
  private final ArrayList<FieldPath> others;
  private final boolean columnAlone;

  private FieldPath(String text, Place place, int levelsUp, ArrayList<Step> steps) {
    this.text = text;
    this.place = place;
    this.levelsUp = levelsUp;
    this.steps = steps;
    this.others = new ArrayList<>();
    this.columnAlone = false;
  }

  private FieldPath(String column) {
    this.text = column;
    this.place = Place.VALUE;
    this.levelsUp = WHOLE;
    this.steps = new ArrayList<>(List.of(Step.field(column)));
    this.others = new ArrayList<>();
    this.columnAlone = true;
  }

  /** Says where a path begins. */
  public enum Place {
    VALUE,
    KEY,
    HEADER,
    TIMESTAMP,
    TOPIC,
    FILE,
    /** It is the name or the index of an element. */
    ELEMENT_KEY
  }

  /**
   * Goes one step down.
   *
   * @param name of a field; null for an element
   * @param index of an element, from 0; -1 where it is no index that picks it
   * @param equal what the named field of the picked element is equal to; null where none is picked
   *     in this way
   */
  public record Step(@Nullable String name, int index, @Nullable String equal)
      implements Serializable {

    static Step field(String name) {
      return new Step(name, -1, null);
    }

    static Step element(int index) {
      return new Step(null, index, null);
    }

    /** Whether it goes into an array, and not into an object. */
    public boolean ofArray() {
      return name == null || equal != null;
    }

    @Override
    public String toString() {
      return equal != null
          ? "[" + name + "=" + equal + "]"
          : name == null ? "[" + index + "]" : name;
    }
  }

  /**
   * @throws IllegalArgumentException if the text is no path; its message says why
   */
  public static FieldPath parse(String text) {
    List<String> texts = split(text);
    texts.forEach(one -> require(!one.isEmpty(), text));
    FieldPath first = one(texts.get(0), text);
    for (String other : texts.subList(1, texts.size())) {
      first.others.add(one(other, other));
    }
    return first;
  }

  /** Returns the path that goes down from the value as a whole. */
  public static FieldPath ofWhole(List<Step> steps) {
    return new FieldPath("$" + steps, Place.VALUE, WHOLE, new ArrayList<>(steps));
  }

  /** Returns the path of one field beside another, such as {@code op} beside {@code after.id}. */
  public FieldPath beside(int step, String name) {
    ArrayList<Step> way = new ArrayList<>(steps.subList(0, step));
    way.add(Step.field(name));
    return new FieldPath(name, place, levelsUp, way);
  }

  /**
   * @param whole how the path is written, which its messages and its equality go by
   */
  private static FieldPath one(String text, String whole) {
    if (text.startsWith("^")) {
      int ups = 1;
      while (ups < text.length() && text.charAt(ups) == '^') {
        ups++;
      }
      String rest = text.substring(ups);
      if (rest.equals(ELEMENT_KEY)) {
        return new FieldPath(whole, Place.ELEMENT_KEY, ups, new ArrayList<>());
      }
      if (rest.isEmpty() || rest.startsWith(".") || rest.startsWith("[")) {
        return new FieldPath(whole, Place.VALUE, ups, stepsBelow(rest, text));
      }
    }
    if (!text.startsWith("$")) {
      return new FieldPath(whole, Place.VALUE, 0, steps(text));
    }
    if (text.startsWith("$.") || text.startsWith("$[")) {
      return new FieldPath(whole, Place.VALUE, WHOLE, stepsBelow(text.substring(1), text));
    }
    if (text.startsWith(HEADER_PREFIX) && text.length() > HEADER_PREFIX.length()) {
      return new FieldPath(whole, Place.HEADER, WHOLE, new ArrayList<>());
    }
    if (text.startsWith(KEY_PREFIX + ".") || text.startsWith(KEY_PREFIX + "[")) {
      String rest = text.substring(KEY_PREFIX.length());
      return new FieldPath(whole, Place.KEY, WHOLE, stepsBelow(rest, text));
    }
    if (text.startsWith(ELEMENT + ".") || text.startsWith(ELEMENT + "[")) {
      // As a path that begins at the element is written at more length.
      return new FieldPath(
          whole, Place.VALUE, 0, stepsBelow(text.substring(ELEMENT.length()), text));
    }
    Place place =
        switch (text) {
          case KEY_PREFIX -> Place.KEY;
          case "$timestamp" -> Place.TIMESTAMP;
          case "$topic" -> Place.TOPIC;
          case "$file" -> Place.FILE;
          case ELEMENT_KEY -> Place.ELEMENT_KEY;
          case ELEMENT -> Place.VALUE;
          default -> throw new IllegalArgumentException("path must be a reserved one: " + text);
        };
    boolean ofElement = text.equals(ELEMENT) || text.equals(ELEMENT_KEY);
    return new FieldPath(whole, place, ofElement ? 0 : WHOLE, new ArrayList<>());
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
    String first = steps.get(0).name();
    return steps.size() == 1 && first != null && first.equals(steps.get(0).toString())
        ? first
        : text;
  }

  public Place place() {
    return place;
  }

  /**
   * Returns how many elements around the innermost one it begins, 0 for that one itself; {@link
   * #WHOLE} for the value as a whole and what is beside it.
   */
  public int levelsUp() {
    return levelsUp;
  }

  /** Returns the way down. It is empty for what has no parts, or is meant as a whole. */
  public List<Step> steps() {
    return steps;
  }

  /**
   * Returns the paths of which the first counts that leads to something: this alone, or this and
   * others. What else this class says of a path is of the first.
   */
  public List<FieldPath> choices() {
    if (others.isEmpty()) {
      return List.of(this);
    }
    List<FieldPath> choices = new ArrayList<>(others);
    choices.add(0, this);
    return choices;
  }

  /** Whether it is the first of several paths. */
  public boolean hasChoices() {
    return !others.isEmpty();
  }

  /** Returns what counts where this leads to nothing, in order; empty in most cases. */
  List<FieldPath> others() {
    return others;
  }

  /** Whether only a record of several observations has such a field. */
  public boolean isOfElement() {
    return levelsUp > 0 || place == Place.ELEMENT_KEY || steps.isEmpty() && levelsUp == 0;
  }

  /** Returns the name of the header. Only a path that leads to one has it. */
  String headerName() {
    String first = others.isEmpty() ? text : split(text).get(0);
    return first.substring(HEADER_PREFIX.length());
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

  /** Takes the choices apart. Without any, the text stays as it is, to its spaces. */
  private static List<String> split(String text) {
    if (!text.contains(OR)) {
      return List.of(text);
    }
    List<String> texts = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
      } else if (text.startsWith(OR, at)) {
        texts.add(text.substring(from, at).strip());
        from = at + OR.length();
        at++;
      }
    }
    if (texts.isEmpty()) {
      return List.of(text);
    }
    texts.add(text.substring(from).strip());
    return texts;
  }

  /**
   * @param rest begins with the dot or bracket of the first step; empty where there is none
   */
  private static ArrayList<Step> stepsBelow(String rest, String text) {
    if (rest.isEmpty()) {
      return new ArrayList<>();
    }
    require(rest.length() > 1 && !rest.startsWith(".["), text);
    return steps(rest.startsWith(".") ? rest.substring(1) : rest);
  }

  /**
   * Reads the steps of a way down.
   *
   * @throws IllegalArgumentException if there is none, or the text is no such way
   */
  static ArrayList<Step> steps(String text) {
    ArrayList<Step> steps = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == '[') {
        int end = closing(text, at);
        steps.add(bracket(text.substring(at + 1, end), text));
        at = end + 1;
      } else {
        StringBuilder name = new StringBuilder();
        at = name(text, at, name);
        steps.add(Step.field(name.toString()));
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

  /** Finds the bracket that closes another. */
  private static int closing(String text, int open) {
    for (int at = open + 1; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
      } else if (text.charAt(at) == ']') {
        return at;
      }
    }
    throw noPath(text);
  }

  /** Reads {@code 3}, or {@code name=text}. */
  private static Step bracket(String inside, String text) {
    if (inside.matches("\\d{1,9}")) {
      return Step.element(Integer.parseInt(inside));
    }
    if (inside.equals("*")) {
      throw new IllegalArgumentException(
          "path with [*] must be one of mapping.each, which goes over all elements: " + text);
    }
    StringBuilder name = new StringBuilder();
    int at = 0;
    while (at < inside.length() && inside.charAt(at) != '=') {
      at = character(inside, at, name);
    }
    require(at < inside.length() && !name.isEmpty(), text);
    StringBuilder equal = new StringBuilder();
    at++;
    while (at < inside.length()) {
      at = character(inside, at, equal);
    }
    return new Step(name.toString(), -1, equal.toString());
  }

  private static int character(String text, int at, StringBuilder out) {
    int from = text.charAt(at) == '\\' && at + 1 < text.length() ? at + 1 : at;
    out.append(text.charAt(from));
    return from + 1;
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
      throw noPath(text);
    }
  }

  private static IllegalArgumentException noPath(String text) {
    return new IllegalArgumentException("path must be such as a.b[0].c: " + text);
  }
}
