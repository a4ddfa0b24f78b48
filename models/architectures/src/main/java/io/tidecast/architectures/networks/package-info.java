/** Holds the forecasters, one file and one record of hyperparameters for each paper. */
@NullMarked
package io.tidecast.architectures.networks;

import org.jspecify.annotations.NullMarked;
