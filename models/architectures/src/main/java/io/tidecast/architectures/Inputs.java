package io.tidecast.architectures;

/**
 * What a forecaster is given, by input role.
 *
 * @param context the past, {@code [batch, time, channel]}, oldest first
 */
public record Inputs<T>(T context) {}
