/** Forecasts without a model, to compare models with and to stand in for them. */
@NullMarked
package io.tidecast.runtime.baselines;

import org.jspecify.annotations.NullMarked;
