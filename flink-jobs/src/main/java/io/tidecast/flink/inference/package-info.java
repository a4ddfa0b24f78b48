/** Hands windows to the runtime without waiting for it, and makes outcomes of its answers. */
@NullMarked
package io.tidecast.flink.inference;

import org.jspecify.annotations.NullMarked;
