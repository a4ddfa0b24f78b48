/** Draws training windows from many data sets and from synthetic series. */
package io.tidecast.training.corpus;
