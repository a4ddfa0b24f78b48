package io.tidecast.cli.swap;

import io.tidecast.flink.model.ModelCommand;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidecast model retire}. */
@Command(
    name = "retire",
    description = {
      "Have a running job close a version that is loaded or a shadow.",
      "The version that answers can't be retired: give its slot to another first."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ModelRetireCommand extends SendCommand {

  @Mixin private VersionOptions version;

  @Override
  ModelCommand command(String id, String slot) {
    return new ModelCommand(
        id, ModelCommand.Action.RETIRE, slot, version.place(), version.sha256(), null);
  }

  @Override
  List<String> doubts() {
    return version.doubt().stream().toList();
  }
}
