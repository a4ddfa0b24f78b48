package io.tidecast.architectures;

import java.util.Map;

/**
 * What a forecaster is given, by role.
 *
 * @param values the context and what else the architecture takes
 */
public record Inputs<T>(Map<Role, T> values) {

  /** Holds the past alone, {@code [batch, time, channel]}. */
  public Inputs(T context) {
    this(Map.of(Role.CONTEXT, context));
  }

  /** The past, {@code [batch, time, channel]}, oldest first. */
  public T context() {
    return get(Role.CONTEXT);
  }

  /** Whether there is an input of that role. */
  public boolean has(Role role) {
    return values.containsKey(role);
  }

  /**
   * The input of that role.
   *
   * @throws IllegalArgumentException if it was not given
   */
  public T get(Role role) {
    T value = values.get(role);
    if (value == null) {
      throw new IllegalArgumentException(
          "inputs must hold " + role.wireName() + ", found " + values.keySet());
    }
    return value;
  }
}
