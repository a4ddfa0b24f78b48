/**
 * Shares open models among their users and fits their forecasts to the horizon that is asked for.
 */
@NullMarked
package io.tidecast.runtime.serving;

import org.jspecify.annotations.NullMarked;
