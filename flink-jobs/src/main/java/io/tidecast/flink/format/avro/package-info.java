/** Reads Avro records of any one schema. */
package io.tidecast.flink.format.avro;
