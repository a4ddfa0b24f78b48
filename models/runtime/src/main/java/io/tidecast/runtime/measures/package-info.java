/**
 * Measures how far forecasts were from what happened: arithmetic alone, for offline and live use.
 */
package io.tidecast.runtime.measures;
