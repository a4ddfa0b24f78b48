/** Lists every metric of the job, and registers them with Flink. */
@NullMarked
package io.tidecast.flink.metrics;

import org.jspecify.annotations.NullMarked;
