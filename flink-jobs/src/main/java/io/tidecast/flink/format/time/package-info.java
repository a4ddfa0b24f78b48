/** Reads the times of records, whether they are numbers or text. */
@NullMarked
package io.tidecast.flink.format.time;

import org.jspecify.annotations.NullMarked;
