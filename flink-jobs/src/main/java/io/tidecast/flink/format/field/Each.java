package io.tidecast.flink.format.field;

import io.tidecast.flink.format.field.FieldPath.Step;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which elements of a record are observations: those of {@code metrics}, of {@code
 * resource[*].points[*]}, of the map {@code values.*}, or, with {@code $}, of the value itself. A
 * star, which may be left out at the end, goes over all elements of an array or entries of a map.
 *
 * <p>Several ways are gone one after the other. They differ after the last star but one.
 *
 * @param levels leads from one element to the array or map of the next; of the last level there may
 *     be several
 * @param text as it was written
 */
public record Each(List<Level> levels, String text) implements Serializable {

  /** A record is one observation. */
  public static final Each NONE = new Each(List.of(), "");

  /** Deeper, a path is a mistake. */
  private static final int MAX_LEVELS = 8;

  /** Leads from an element to what is gone over, in one of several ways. */
  public record Level(List<Way> ways) implements Serializable {

    public Level {
      ways = List.copyOf(ways);
    }
  }

  /**
   * Leads down to an array or a map.
   *
   * @param steps none where the element itself is one
   */
  public record Way(List<Step> steps) implements Serializable {

    public Way {
      steps = List.copyOf(steps);
    }

    /** Returns it as it is written in a path. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (Step step : steps) {
        text.append(text.isEmpty() || step.ofArray() ? "" : ".").append(step);
      }
      return text.toString();
    }
  }

  public Each {
    levels = List.copyOf(levels);
  }

  /**
   * @param texts one way each
   * @throws IllegalArgumentException if one is no such way, or they differ too early
   */
  public static Each parse(List<String> texts) {
    List<Way> first = ways(texts.get(0));
    int last = first.size() - 1;
    List<Way> ends = new ArrayList<>();
    for (String text : texts) {
      List<Way> ways = ways(text);
      if (ways.size() != first.size() || !ways.subList(0, last).equals(first.subList(0, last))) {
        throw new IllegalArgumentException(
            "paths must be the same up to the last star but one: %s, %s"
                .formatted(texts.get(0), text));
      }
      ends.add(ways.get(last));
    }
    List<Level> levels = new ArrayList<>();
    first.subList(0, last).forEach(way -> levels.add(new Level(List.of(way))));
    levels.add(new Level(ends));
    return new Each(levels, String.join(", ", texts));
  }

  /** Returns it as it was written. */
  @Override
  public String toString() {
    return text;
  }

  /** Returns how many elements are around a field: 0 where a record is one observation. */
  public int depth() {
    return levels.size();
  }

  private static List<Way> ways(String text) {
    List<Way> ways = new ArrayList<>();
    int from = 0;
    if (text.equals("$")) {
      return List.of(new Way(List.of()));
    }
    if (text.startsWith("$.") || text.startsWith("$[")) {
      from = text.charAt(1) == '.' ? 2 : 1;
    }
    int begin = from;
    for (int at = from; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
      } else if (text.startsWith("[*]", at)) {
        ways.add(way(text, begin, at));
        at += 2;
        begin = next(text, at + 1);
        at = begin - 1;
      } else if (isStar(text, from, at)) {
        ways.add(way(text, begin, Math.max(begin, at - 1)));
        begin = next(text, at + 1);
        at = begin - 1;
      }
    }
    if (begin < text.length() || ways.isEmpty()) {
      ways.add(way(text, begin, text.length()));
    }
    if (ways.size() > MAX_LEVELS) {
      throw new IllegalArgumentException(
          "path must have at most %d stars: %s".formatted(MAX_LEVELS, text));
    }
    return ways;
  }

  /** Whether a name is a star and nothing else. */
  private static boolean isStar(String text, int from, int at) {
    boolean begins = at == from || text.charAt(at - 1) == '.';
    boolean ends =
        at + 1 == text.length() || text.charAt(at + 1) == '.' || text.charAt(at + 1) == '[';
    return text.charAt(at) == '*' && begins && ends;
  }

  /** Returns where the step after a star begins. */
  private static int next(String text, int at) {
    if (at < text.length() && text.charAt(at) == '.') {
      if (at + 1 == text.length() || text.charAt(at + 1) == '[') {
        throw new IllegalArgumentException("path must be such as a.b[*].c[*]: " + text);
      }
      return at + 1;
    }
    if (at < text.length() && text.charAt(at) != '[') {
      throw new IllegalArgumentException("path must be such as a.b[*].c[*]: " + text);
    }
    return at;
  }

  private static Way way(String text, int from, int to) {
    if (from == to) {
      if (from == 0 && !text.startsWith("[") && !text.startsWith("*")) {
        throw new IllegalArgumentException("path must be such as a.b[*].c[*]: " + text);
      }
      return new Way(List.of());
    }
    return new Way(FieldPath.steps(text.substring(from, to)));
  }
}
