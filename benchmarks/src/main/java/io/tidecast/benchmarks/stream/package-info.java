/** Whole jobs from Kafka to Kafka or from files, as a share of something that does less. */
@NullMarked
package io.tidecast.benchmarks.stream;

import org.jspecify.annotations.NullMarked;
