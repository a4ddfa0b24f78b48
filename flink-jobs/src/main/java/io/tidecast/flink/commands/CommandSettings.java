package io.tidecast.flink.commands;

import org.jspecify.annotations.Nullable;

/**
 * Where somebody commands the models of a job, and is told what became of it.
 *
 * @param topic of the commands; null for nowhere
 * @param eventsTopic of what happens to models; null where there are no commands
 */
public record CommandSettings(@Nullable String topic, @Nullable String eventsTopic) {

  public CommandSettings {
    if ((topic == null) != (eventsTopic == null)) {
      throw new IllegalArgumentException(
          "must have both topics, or none: topic=%s, eventsTopic=%s".formatted(topic, eventsTopic));
    }
  }
}
