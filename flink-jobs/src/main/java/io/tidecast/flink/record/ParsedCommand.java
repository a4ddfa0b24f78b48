package io.tidecast.flink.record;

import io.tidecast.flink.model.ModelCommand;
import org.jspecify.annotations.Nullable;

/** A record of the topic of commands after parsing. */
public record ParsedCommand(@Nullable ModelCommand accepted, @Nullable Rejection rejection)
    implements StepOutcome<ModelCommand> {}
