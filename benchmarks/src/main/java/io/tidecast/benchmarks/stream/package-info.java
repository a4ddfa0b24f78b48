/** Whole jobs from Kafka to Kafka or from files, as a share of something that does less. */
package io.tidecast.benchmarks.stream;
