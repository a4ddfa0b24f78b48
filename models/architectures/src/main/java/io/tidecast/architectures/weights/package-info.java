/** Reads and writes weights as safetensors, and holds them against what a network asks for. */
package io.tidecast.architectures.weights;
