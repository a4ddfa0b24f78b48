/** Measures what it costs to hand windows to a model and to pass its forecasts on. */
@NullMarked
package io.tidecast.benchmarks.operator;

import org.jspecify.annotations.NullMarked;
