/**
 * Counts time in cells: steps, cadences, times of day, clocks, and how gaps are filled. It knows
 * nothing of Flink.
 */
@NullMarked
package io.tidecast.flink.grid;

import org.jspecify.annotations.NullMarked;
