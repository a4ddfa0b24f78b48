/** Holds the building blocks that several networks share. */
@NullMarked
package io.tidecast.architectures.layers;

import org.jspecify.annotations.NullMarked;
