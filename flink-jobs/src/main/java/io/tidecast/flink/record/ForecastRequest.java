package io.tidecast.flink.record;

import org.jspecify.annotations.Nullable;

/**
 * Somebody asks for a forecast now.
 *
 * @param source what it was read from
 * @param horizon steps that are wanted; null for all that the model gives
 */
public record ForecastRequest(RecordOrigin source, String series, @Nullable Integer horizon) {}
