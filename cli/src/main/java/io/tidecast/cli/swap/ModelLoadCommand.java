package io.tidecast.cli.swap;

import io.tidecast.flink.model.ModelCommand;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidecast model load}. */
@Command(
    name = "load",
    description = {
      "Have a running job fetch, check and warm a version of a model, without any traffic.",
      "Activating it later takes no longer than a command takes."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ModelLoadCommand extends SendCommand {

  @Mixin private VersionOptions version;

  @Override
  ModelCommand command(String id, String slot) {
    return new ModelCommand(
        id, ModelCommand.Action.LOAD, slot, version.place(), version.sha256(), null);
  }

  @Override
  List<String> doubts() {
    return version.doubt().stream().toList();
  }
}
