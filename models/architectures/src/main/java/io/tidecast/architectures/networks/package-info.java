/** Holds the forecasters, one file and one record of hyperparameters for each paper. */
package io.tidecast.architectures.networks;
