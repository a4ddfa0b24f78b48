/** The keys that have models contend for their place, and what must hold between them. */
@NullMarked
package io.tidecast.flink.config.promotion;

import org.jspecify.annotations.NullMarked;
