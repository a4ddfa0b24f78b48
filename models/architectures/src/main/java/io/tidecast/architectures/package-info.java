/**
 * The contract of a forecaster: a pure function over an op set, its hyperparameters, and what it is
 * officially trained with.
 */
package io.tidecast.architectures;
