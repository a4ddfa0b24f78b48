/** Finds out of a topic which schemas its records name. */
@NullMarked
package io.tidecast.flink.source.schema;

import org.jspecify.annotations.NullMarked;
