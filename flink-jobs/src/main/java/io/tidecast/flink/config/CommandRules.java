package io.tidecast.flink.config;

import io.tidecast.flink.commands.CommandSettings;
import io.tidecast.flink.config.key.CommandKeys;
import io.tidecast.flink.config.value.ConfigValues;
import org.jspecify.annotations.Nullable;

/** Where the models of a job are commanded, and what must hold between those keys. */
final class CommandRules {

  private CommandRules() {}

  static void check(ConfigValues values) {
    if (values.isGiven(CommandKeys.EVENTS_TOPIC) && !values.isGiven(CommandKeys.TOPIC)) {
      values.problem(
          "must go with commands.topic, for without commands nothing happens to models: commands.events-topic=%s"
              .formatted(values.get(CommandKeys.EVENTS_TOPIC)));
    }
  }

  /** Where the job says what happens to its models; null where it takes no commands. */
  static @Nullable String eventsTopic(ConfigValues values) {
    return values.isGiven(CommandKeys.TOPIC) ? values.get(CommandKeys.EVENTS_TOPIC) : null;
  }

  static CommandSettings settings(ConfigValues values) {
    return new CommandSettings(values.get(CommandKeys.TOPIC), eventsTopic(values));
  }
}
