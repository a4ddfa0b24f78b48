/** Reads topics that were written newest first, from their end back. */
@NullMarked
package io.tidecast.flink.source.backward;

import org.jspecify.annotations.NullMarked;
