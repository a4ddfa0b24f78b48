/** Trains networks of an architecture and leaves a checkpoint after every epoch. */
package io.tidecast.training;
