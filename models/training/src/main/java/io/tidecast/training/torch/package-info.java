/** Runs an architecture in torch, with gradients, and takes the steps of its optimiser. */
package io.tidecast.training.torch;
