/** Reads JSON values. */
@NullMarked
package io.tidecast.flink.format.json;

import org.jspecify.annotations.NullMarked;
