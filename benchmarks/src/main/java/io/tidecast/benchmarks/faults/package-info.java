/**
 * The fault matrix: jobs in processes of their own or on a Flink cluster, against brokers in
 * others, which are killed, paused and starved, and an account of what became of every forecast.
 */
@NullMarked
package io.tidecast.benchmarks.faults;

import org.jspecify.annotations.NullMarked;
