/** Measures a model as a job would have run it over its past, and shows where it was wrong. */
@NullMarked
package io.tidecast.evaluation.backtest;

import org.jspecify.annotations.NullMarked;
