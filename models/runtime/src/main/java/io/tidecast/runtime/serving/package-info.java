/**
 * Shares open models among their users and fits their forecasts to the horizon that is asked for.
 */
package io.tidecast.runtime.serving;
