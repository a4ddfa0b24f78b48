/** Writes the fields of a record in one format or another. What the record is, it does not know. */
@NullMarked
package io.tidecast.flink.sink.record.write;

import org.jspecify.annotations.NullMarked;
