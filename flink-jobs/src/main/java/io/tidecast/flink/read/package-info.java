/** Reads the records that a job has written, in whatever format it writes them. */
@NullMarked
package io.tidecast.flink.read;

import org.jspecify.annotations.NullMarked;
