/** Reads the line protocol of InfluxDB. */
@NullMarked
package io.tidecast.flink.format.influx;

import org.jspecify.annotations.NullMarked;
