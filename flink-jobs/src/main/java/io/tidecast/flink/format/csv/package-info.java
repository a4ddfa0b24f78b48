/** Reads lines of CSV files. */
package io.tidecast.flink.format.csv;
