/** Writes to Kafka in transactions, and tells what has become of each of them. */
@NullMarked
package io.tidecast.flink.sink.kafka;

import org.jspecify.annotations.NullMarked;
