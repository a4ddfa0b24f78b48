package io.tidecast.graph;

import java.util.List;

/**
 * One thing that keeps a graph from being run.
 *
 * @param kind what it stands for
 * @param sentence what was expected, what was found and what to do; says nothing of places
 * @param places where it was found, the first few
 * @param count of all the places
 */
public record GraphFinding(Kind kind, String sentence, List<String> places, int count) {

  /** Says what a graph would do, or what is wrong with it. */
  public enum Kind {
    /** It has values in another file that must not be read. */
    OUTSIDE,
    /** It asks for operators that Tidecast does not run. */
    FOREIGN,
    /** It would read or run something that is not in the graph. */
    REACHES_OUT,
    /** It draws at random. */
    RANDOM,
    /** It is too large, or would grow too large. */
    SIZE,
    /** It contradicts itself. */
    BROKEN
  }

  public GraphFinding {
    places = List.copyOf(places);
  }

  /** Returns the sentence with the places. */
  @Override
  public String toString() {
    String more = count > places.size() ? " and %,d more".formatted(count - places.size()) : "";
    return places.isEmpty()
        ? sentence
        : sentence + " (at " + String.join(", ", places) + more + ")";
  }
}
