/** Has the keys of the forecasts that are shown as metrics, and makes of them what they name. */
@NullMarked
package io.tidecast.flink.config.gauge;

import org.jspecify.annotations.NullMarked;
