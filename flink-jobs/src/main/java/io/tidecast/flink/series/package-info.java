/** Keeps the state of each series, and says when a forecast is due and from which cells. */
@NullMarked
package io.tidecast.flink.series;

import org.jspecify.annotations.NullMarked;
