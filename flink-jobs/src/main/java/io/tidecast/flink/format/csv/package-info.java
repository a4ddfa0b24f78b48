/** Reads lines of CSV files. */
@NullMarked
package io.tidecast.flink.format.csv;

import org.jspecify.annotations.NullMarked;
