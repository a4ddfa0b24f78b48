/**
 * Compares the model that has a slot with those beside it and with the seasonal naive, and gives
 * the slot to a better one or says that somebody should.
 */
@NullMarked
package io.tidecast.flink.promotion;

import org.jspecify.annotations.NullMarked;
