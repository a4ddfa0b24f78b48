package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import java.util.List;

/** Has the keys of what somebody wants done with the models of a running job. */
public final class CommandKeys {

  public static final ConfigKey<String> TOPIC =
      ConfigKey.derived(
              "commands.topic",
              ConfigType.topic(),
              "the models stay what they are until the job is started with others",
              "The job follows the commands of this topic, which put other versions of its models into service while it runs, see [swap models](how-to/swap-models.md). The topic should have one partition, for commands are followed in their order. A job without state begins with the commands that are sent after it was submitted.")
          .example("model-commands");
  public static final ConfigKey<String> EVENTS_TOPIC =
      ConfigKey.optional(
              "commands.events-topic",
              ConfigType.topic(),
              "model-events",
              "The job says in this topic what becomes of commands, and what happens to its models. The key must go with `commands.topic`.")
          .example("meter-model-events");

  /** All of them, in the order of the reference page. */
  public static final List<ConfigKey<?>> ALL = List.of(TOPIC, EVENTS_TOPIC);

  private CommandKeys() {}
}
