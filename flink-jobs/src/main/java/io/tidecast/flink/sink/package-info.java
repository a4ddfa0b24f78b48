/** Writes forecasts and dead letters to Kafka. */
@NullMarked
package io.tidecast.flink.sink;

import org.jspecify.annotations.NullMarked;
