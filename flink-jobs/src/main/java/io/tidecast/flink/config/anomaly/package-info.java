/** The keys that say what an anomaly is, and what must hold between them. */
@NullMarked
package io.tidecast.flink.config.anomaly;

import org.jspecify.annotations.NullMarked;
