/** Reads Avro records of any one schema. */
@NullMarked
package io.tidecast.flink.format.avro;

import org.jspecify.annotations.NullMarked;
