package io.tidecast.architectures.networks;

import io.tidecast.architectures.Architecture;
import java.util.List;
import java.util.stream.Collectors;

/** The architectures that commands offer; a new one is registered by a line here. */
public final class Architectures {

  private static final List<Architecture<?>> ALL =
      List.of(new Autoformer(), new Informer(), new PatchTst(), new Sundial(), new TimeXer());

  private Architectures() {}

  /** Every architecture there is, by name. */
  public static List<Architecture<?>> all() {
    return ALL;
  }

  /**
   * The architecture of that name.
   *
   * @throws IllegalArgumentException naming those there are
   */
  public static Architecture<?> named(String name) {
    return ALL.stream()
        .filter(architecture -> architecture.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "architecture must be one of "
                        + ALL.stream().map(Architecture::name).collect(Collectors.joining(", "))
                        + ": architecture="
                        + name));
  }
}
