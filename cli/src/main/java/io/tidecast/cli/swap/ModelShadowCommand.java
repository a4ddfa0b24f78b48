package io.tidecast.cli.swap;

import io.tidecast.flink.model.ModelCommand;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidecast model shadow}. */
@Command(
    name = "shadow",
    description = {
      "Have a version of a model forecast beside the one that answers, for the same series.",
      "Its forecasts are marked, and never delay the others."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ModelShadowCommand extends SendCommand {

  @Mixin private VersionOptions version;

  @Override
  ModelCommand command(String id, String slot) {
    return new ModelCommand(
        id, ModelCommand.Action.SHADOW, slot, version.place(), version.sha256(), null);
  }

  @Override
  List<String> doubts() {
    return version.doubt().stream().toList();
  }
}
