package io.tidecast.architectures.networks;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureRegistry;
import java.util.List;

/** The architectures that commands offer; a new one is registered by a line here. */
public final class Architectures {

  private static final ArchitectureRegistry REGISTRY =
      ArchitectureRegistry.of(
          new Autoformer(), //
          new Informer(),
          new Linear(),
          new PatchTst(),
          new Sundial(),
          new TimeXer());

  private Architectures() {}

  /** The registry of all of them. */
  public static ArchitectureRegistry registry() {
    return REGISTRY;
  }

  /** Every architecture there is, by name. */
  public static List<Architecture<?>> all() {
    return REGISTRY.all();
  }

  /**
   * The architecture of that name.
   *
   * @throws IllegalArgumentException naming those there are
   */
  public static Architecture<?> named(String name) {
    return REGISTRY.named(name);
  }
}
