/** Holds the building blocks that several networks share. */
package io.tidecast.architectures.layers;
