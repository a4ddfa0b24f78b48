/** Finds out which schema a record was written with, and which schemas there are. */
@NullMarked
package io.tidecast.flink.format.schema;

import org.jspecify.annotations.NullMarked;
