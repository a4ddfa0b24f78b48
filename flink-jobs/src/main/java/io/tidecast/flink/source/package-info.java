/** Reads topics: it makes watermarks, ends inputs that end, and splits channels. */
@NullMarked
package io.tidecast.flink.source;

import org.jspecify.annotations.NullMarked;
