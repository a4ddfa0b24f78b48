package io.tidecast.flink.config;

import java.util.List;

/**
 * Is thrown for a job file that cannot be used, and says everything that is wrong with it at once.
 */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // A copy, of a class that is serializable.
  private final List<String> problems;

  public ConfigException(List<String> problems) {
    super(
        "the job configuration has %d %s:%n  - %s"
            .formatted(
                problems.size(),
                problems.size() == 1 ? "problem" : "problems",
                String.join(System.lineSeparator() + "  - ", problems)));
    this.problems = List.copyOf(problems);
  }

  /** Each problem is a sentence that names the key. None has a value that may be secret. */
  public List<String> problems() {
    return problems;
  }
}
