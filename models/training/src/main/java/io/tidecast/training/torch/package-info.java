/** Runs an architecture in torch, with gradients, and takes the steps of its optimiser. */
@NullMarked
package io.tidecast.training.torch;

import org.jspecify.annotations.NullMarked;
