/** Gives Flink's metrics to Prometheus, through Micrometer. It knows nothing of the job. */
@NullMarked
package io.tidecast.metrics;

import org.jspecify.annotations.NullMarked;
