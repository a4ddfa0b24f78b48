/**
 * Kafka and Flink inside this JVM, on loopback: the quickstart, tests and benchmarks use them, and
 * they know no command.
 */
package io.tidecast.cli.embedded;
