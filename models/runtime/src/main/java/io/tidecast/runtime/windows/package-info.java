/**
 * Holds batches of windows and of forecasts in direct buffers, and the contract of what forecasts
 * them.
 */
package io.tidecast.runtime.windows;
