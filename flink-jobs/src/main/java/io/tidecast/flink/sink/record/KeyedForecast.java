package io.tidecast.flink.sink.record;

import io.tidecast.flink.record.IssuedForecast;

/**
 * A forecast that is being written.
 *
 * @param series of the forecast, in UTF-8
 */
record KeyedForecast(IssuedForecast forecast, byte[] series) {}
