/** Reads JSON values. */
package io.tidecast.flink.format.json;
