package io.tidecast.cli.model;

import io.tidecast.architectures.PastInput;
import io.tidecast.evaluation.folder.Serving;
import picocli.CommandLine.Option;

/** The options that say how a model that is made is served. */
public final class ServingOptions {

  @Option(
      names = "--input",
      paramLabel = "NAME",
      defaultValue = "CONTEXT",
      description =
          "What the graph is given of the past: ${COMPLETION-CANDIDATES}. Patches are cut where the "
              + "batch is filled; of patchtst only. (default: ${DEFAULT-VALUE})")
  private PastInput input;

  @Option(
      names = "--rollout",
      paramLabel = "STEPS",
      description =
          "Greatest horizon that a job or an evaluation may ask for: beyond its own, the model is "
              + "applied again to its own forecasts. Default: its own.")
  private Integer rollout;

  public Serving serving() {
    return new Serving(input, rollout);
  }
}
