package io.tidecast.graph;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown for a graph that must not be run; the message says what was found and what to do. */
public final class GraphException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int MOST_IN_A_MESSAGE = 3;

  private final transient List<GraphFinding> findings;

  /** Says why in a sentence. */
  public GraphException(String message) {
    super(message);
    this.findings = List.of();
  }

  /** Says why in a sentence. */
  public GraphException(String message, Throwable cause) {
    super(message, cause);
    this.findings = List.of();
  }

  GraphException(List<GraphFinding> findings) {
    super(message(findings));
    this.findings = List.copyOf(findings);
  }

  private static String message(List<GraphFinding> findings) {
    int more = findings.size() - MOST_IN_A_MESSAGE;
    return findings.stream()
            .limit(MOST_IN_A_MESSAGE)
            .map(GraphFinding::toString)
            .collect(Collectors.joining("; "))
        + (more > 0 ? "; and " + more + " more such things" : "");
  }

  /** Lists every finding; none for bytes that could not be read as a graph at all. */
  public List<GraphFinding> findings() {
    return findings == null ? List.of() : findings;
  }
}
