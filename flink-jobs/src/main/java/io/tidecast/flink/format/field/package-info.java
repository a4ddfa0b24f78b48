/** Says which fields of a record make a measurement, and takes them out of it. */
package io.tidecast.flink.format.field;
