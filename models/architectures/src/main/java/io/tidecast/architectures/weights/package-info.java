/** Reads and writes weights as safetensors, and holds them against what a network asks for. */
@NullMarked
package io.tidecast.architectures.weights;

import org.jspecify.annotations.NullMarked;
