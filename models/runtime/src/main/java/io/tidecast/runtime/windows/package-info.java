/**
 * Holds batches of windows and of forecasts in direct buffers, and the contract of what forecasts
 * them.
 */
@NullMarked
package io.tidecast.runtime.windows;

import org.jspecify.annotations.NullMarked;
