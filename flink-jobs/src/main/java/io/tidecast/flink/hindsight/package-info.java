/** Brings each forecast together with the cells that it named, for whoever answers for it. */
@NullMarked
package io.tidecast.flink.hindsight;

import org.jspecify.annotations.NullMarked;
