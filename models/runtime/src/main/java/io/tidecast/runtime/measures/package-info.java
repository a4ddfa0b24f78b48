/**
 * Measures how far forecasts were from what happened: arithmetic alone, for offline and live use.
 */
@NullMarked
package io.tidecast.runtime.measures;

import org.jspecify.annotations.NullMarked;
