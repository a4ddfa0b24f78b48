/**
 * Makes intervals hold what they say: quantiles around any point forecast, learned online from what
 * happened.
 */
@NullMarked
package io.tidecast.runtime.calibration;

import org.jspecify.annotations.NullMarked;
