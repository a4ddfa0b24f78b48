package io.tidecast.architectures;

import java.util.List;

/** How a network is given the past when it is served. */
public enum PastInput {
  /** Whole contexts. */
  CONTEXT,
  /** Contexts that are cut into patches before. */
  PATCHES;

  /**
   * What the network is given.
   *
   * @throws IllegalArgumentException if it can't be given the past this way, with the reason
   */
  public <C extends ArchitectureConfig> List<Port> ports(Architecture<C> network, C config) {
    return switch (this) {
      case CONTEXT -> network.inputs(config);
      case PATCHES -> network.patchedInputs(config);
    };
  }
}
