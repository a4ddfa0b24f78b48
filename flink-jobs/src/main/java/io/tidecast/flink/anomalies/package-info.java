/** Tells of values that were not expected, and of levels that have moved, as cells close. */
@NullMarked
package io.tidecast.flink.anomalies;

import org.jspecify.annotations.NullMarked;
