/** Mixes the forecasts of several forecasters for one series, by how right each has been lately. */
@NullMarked
package io.tidecast.runtime.mixture;

import org.jspecify.annotations.NullMarked;
