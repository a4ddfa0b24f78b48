/** Gives Flink's metrics to Prometheus or OpenTelemetry, through Micrometer, and knows no job. */
@NullMarked
package io.tidecast.metrics;

import org.jspecify.annotations.NullMarked;
