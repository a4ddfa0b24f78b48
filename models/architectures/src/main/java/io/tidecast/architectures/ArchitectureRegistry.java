package io.tidecast.architectures;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Finds architectures by name. It is immutable, so any thread may use it. */
public final class ArchitectureRegistry {
  private final List<Architecture<?>> all;

  private ArchitectureRegistry(List<Architecture<?>> all) {
    this.all = List.copyOf(all);
  }

  /** A registry of the given ones. */
  public static ArchitectureRegistry of(Architecture<?>... architectures) {
    return new ArchitectureRegistry(List.of(architectures));
  }

  /**
   * A registry of these and one more.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  public ArchitectureRegistry with(Architecture<?> architecture) {
    if (all.stream().anyMatch(other -> other.name().equals(architecture.name()))) {
      throw new IllegalArgumentException(
          "architectures must have different names: name=" + architecture.name());
    }
    List<Architecture<?>> more = new ArrayList<>(all);
    more.add(architecture);
    return new ArchitectureRegistry(more);
  }

  /** Every one there is, in the order in which they were registered. */
  public List<Architecture<?>> all() {
    return all;
  }

  /**
   * The architecture of that name.
   *
   * @throws IllegalArgumentException naming those there are
   */
  public Architecture<?> named(String name) {
    return all.stream()
        .filter(architecture -> architecture.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "architecture must be one of "
                        + all.stream().map(Architecture::name).collect(Collectors.joining(", "))
                        + ": architecture="
                        + name));
  }
}
