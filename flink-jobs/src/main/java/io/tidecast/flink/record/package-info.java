/**
 * What travels between operators: measurements, requests, contexts to be forecast, forecasts and
 * rejections.
 */
@NullMarked
package io.tidecast.flink.record;

import org.jspecify.annotations.NullMarked;
