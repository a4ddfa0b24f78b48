/**
 * Decides by the losses of forecasts which of two models should answer: pure rules, without a clock
 * and without input or output.
 */
@NullMarked
package io.tidecast.runtime.promotion;

import org.jspecify.annotations.NullMarked;
