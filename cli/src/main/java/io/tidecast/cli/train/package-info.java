/** The commands that train a model on CSV files and measure one. */
package io.tidecast.cli.train;
