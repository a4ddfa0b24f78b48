/** Reads the metrics of a job that runs in this JVM. */
@NullMarked
package io.tidecast.cli.meter;

import org.jspecify.annotations.NullMarked;
