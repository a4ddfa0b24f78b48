/** The linear forecaster in closed form: its weights follow from the training rows at once. */
@NullMarked
package io.tidecast.evaluation.linear;

import org.jspecify.annotations.NullMarked;
