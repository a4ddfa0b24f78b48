/** How the job reaches its brokers: what sources and sinks both have to know. */
@NullMarked
package io.tidecast.flink.kafka;

import org.jspecify.annotations.NullMarked;
