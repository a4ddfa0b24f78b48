/** Trains networks of an architecture and leaves a checkpoint after every epoch. */
@NullMarked
package io.tidecast.training;

import org.jspecify.annotations.NullMarked;
