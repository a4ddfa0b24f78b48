package io.tidecast.cli.model;

import io.tidecast.architectures.PastInput;
import io.tidecast.evaluation.folder.Serving;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a model that is made is served. */
public final class ServingOptions {

  @Option(
      names = "--input",
      paramLabel = "NAME",
      defaultValue = "CONTEXT",
      description =
          "Give the graph the past as ${COMPLETION-CANDIDATES}. Patches are cut where the batch "
              + "is filled; only patchtst takes them. (default: ${DEFAULT-VALUE})")
  private PastInput input;

  @Option(
      names = "--rollout",
      paramLabel = "STEPS",
      description =
          "Allow jobs and evaluations to ask for as many steps: beyond its own horizon, the "
              + "model is applied again to its own forecasts. Default: its own horizon.")
  private @Nullable Integer rollout;

  public Serving serving() {
    return new Serving(input, rollout);
  }
}
