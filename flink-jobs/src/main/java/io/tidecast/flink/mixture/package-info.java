/** Mixes the forecasts of a series and gives them calibrated quantiles, before they go out. */
@NullMarked
package io.tidecast.flink.mixture;

import org.jspecify.annotations.NullMarked;
