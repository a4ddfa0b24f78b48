/**
 * Counts time in cells: cadences, seasons, times of day, clocks, and what a cell makes of its
 * observations. It knows nothing of Flink.
 */
@NullMarked
package io.tidecast.flink.grid;

import org.jspecify.annotations.NullMarked;
