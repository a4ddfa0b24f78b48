/** Reads Kafka's keys: text, numbers, and what has parts. */
@NullMarked
package io.tidecast.flink.format.key;

import org.jspecify.annotations.NullMarked;
