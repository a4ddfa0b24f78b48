/** Measures forecasters on a series, beside the baselines, through the code that serves them. */
package io.tidecast.evaluation;
