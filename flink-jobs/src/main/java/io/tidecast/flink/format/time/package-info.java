/** Reads the times of records, whether they are numbers or text. */
package io.tidecast.flink.format.time;
