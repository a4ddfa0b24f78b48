/** Forecasts without a model, to compare models with and to stand in for them. */
package io.tidecast.runtime.baselines;
