/** What a record costs where it becomes bytes and where bytes become a record. */
@NullMarked
package io.tidecast.benchmarks.encode;

import org.jspecify.annotations.NullMarked;
