/** Draws training windows from many data sets and from synthetic series. */
@NullMarked
package io.tidecast.training.corpus;

import org.jspecify.annotations.NullMarked;
