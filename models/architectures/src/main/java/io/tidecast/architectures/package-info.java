/**
 * The contract of a forecaster: a pure function over an op set, its hyperparameters, and what it is
 * officially trained with.
 */
@NullMarked
package io.tidecast.architectures;

import org.jspecify.annotations.NullMarked;
