package io.tidecast.architectures;

import java.util.List;

/** How a network is given the past when it is served. */
public enum PastInput {
  /** It is given the context whole. */
  CONTEXT,
  /** It is given patches, which the runtime cuts from the context. */
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
