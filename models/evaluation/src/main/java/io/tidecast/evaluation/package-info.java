/** Measures forecasters on a series, beside the baselines, through the code that serves them. */
@NullMarked
package io.tidecast.evaluation;

import org.jspecify.annotations.NullMarked;
