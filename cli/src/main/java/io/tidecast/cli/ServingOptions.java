package io.tidecast.cli;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.PastInput;
import io.tidecast.training.Serving;
import picocli.CommandLine.Option;

/** The options that say how a model that is made is served. */
final class ServingOptions {

  @Option(
      names = "--input",
      paramLabel = "NAME",
      defaultValue = "CONTEXT",
      description =
          "What the graph is given of the past: ${COMPLETION-CANDIDATES}. Patches are cut where the "
              + "batch is filled; of patchtst only. (default: ${DEFAULT-VALUE})")
  private PastInput input;

  /**
   * Holds them against a network before it is trained.
   *
   * @throws IllegalArgumentException if it can't be served so
   */
  <C extends ArchitectureConfig> void requireFit(Architecture<C> network, C config) {
    input.ports(network, config);
  }

  Serving serving() {
    return new Serving(input);
  }
}
