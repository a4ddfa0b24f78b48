package io.tidecast.flink.record;

import org.jspecify.annotations.Nullable;

/** A record of the request topic after parsing. */
public record ParsedRequest(@Nullable ForecastRequest accepted, @Nullable Rejection rejection)
    implements StepOutcome<ForecastRequest> {}
