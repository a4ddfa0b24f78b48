/** Makes the bytes, keys and headers of forecasts, points and dead letters, in every format. */
@NullMarked
package io.tidecast.flink.sink.record;

import org.jspecify.annotations.NullMarked;
