/**
 * Scores the forecasts of a series against the cells that they named, as those close: which
 * forecasts wait, how far the ones that are known were off, and what is kept of it in few bytes.
 */
@NullMarked
package io.tidecast.runtime.scores;

import org.jspecify.annotations.NullMarked;
