package io.tidecast.cli.swap;

import io.tidecast.flink.model.ModelCommand;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidecast model activate}. */
@Command(
    name = "activate",
    description = {
      "Give a slot of a running job to a version of a model, which is loaded first if it is not.",
      "It answers from an origin on; until then, and if anything is wrong with it, the model before does. No forecast is lost or made twice."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ModelActivateCommand extends SendCommand {

  @Mixin private VersionOptions version;

  @Mixin private FromOption from;

  @Override
  ModelCommand command(String id, String slot) {
    return new ModelCommand(
        id, ModelCommand.Action.ACTIVATE, slot, version.place(), version.sha256(), from.millis());
  }

  @Override
  List<String> doubts() {
    return version.doubt().stream().toList();
  }
}
