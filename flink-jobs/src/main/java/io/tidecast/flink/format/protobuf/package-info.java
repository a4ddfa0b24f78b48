/** Reads Protobuf messages of any one schema, and what other versions of it have written. */
@NullMarked
package io.tidecast.flink.format.protobuf;

import org.jspecify.annotations.NullMarked;
