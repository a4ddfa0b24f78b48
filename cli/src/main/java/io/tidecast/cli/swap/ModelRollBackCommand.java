package io.tidecast.cli.swap;

import io.tidecast.flink.model.ModelCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidecast model roll-back}. */
@Command(
    name = "roll-back",
    description = "Give a slot of a running job back to the version that it had before.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ModelRollBackCommand extends SendCommand {

  @Mixin private FromOption from;

  @Override
  ModelCommand command(String id, String slot) {
    return new ModelCommand(id, ModelCommand.Action.ROLL_BACK, slot, null, null, from.millis());
  }
}
