/** Scores forecasts against the cells that they named, as those close. */
@NullMarked
package io.tidecast.flink.scores;

import org.jspecify.annotations.NullMarked;
