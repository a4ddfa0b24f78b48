/** Shows the newest forecasts of a few chosen series as metrics, which is what autoscalers read. */
@NullMarked
package io.tidecast.flink.gauges;

import org.jspecify.annotations.NullMarked;
