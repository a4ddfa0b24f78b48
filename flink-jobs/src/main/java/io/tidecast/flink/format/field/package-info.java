/** Says which fields of a record make a measurement, and takes them out of it. */
@NullMarked
package io.tidecast.flink.format.field;

import org.jspecify.annotations.NullMarked;
