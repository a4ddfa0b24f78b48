/** Reads CSV files, merged by time, to their end. */
@NullMarked
package io.tidecast.flink.source.csv;

import org.jspecify.annotations.NullMarked;
