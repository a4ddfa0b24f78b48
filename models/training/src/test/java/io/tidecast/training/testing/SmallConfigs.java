package io.tidecast.training.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.HyperparameterNames;
import java.util.ArrayList;
import java.util.List;

/** Reads one set of hyperparameters for architectures that call theirs by different names. */
public final class SmallConfigs {

  private SmallConfigs() {}

  /** Takes those that the architecture has, and leaves out those of others. */
  public static <C extends ArchitectureConfig> C of(Architecture<C> architecture, ObjectNode json) {
    HyperparameterNames names = HyperparameterNames.of(architecture);
    List<String> others = new ArrayList<>();
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.has(name)) {
                others.add(name);
              }
            });
    return architecture.readConfig(json.deepCopy().without(others));
  }
}
