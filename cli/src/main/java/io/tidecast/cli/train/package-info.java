/** The commands that train a model on CSV files and measure one. */
@NullMarked
package io.tidecast.cli.train;

import org.jspecify.annotations.NullMarked;
