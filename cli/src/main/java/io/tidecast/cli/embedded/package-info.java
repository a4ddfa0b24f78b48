/**
 * Kafka and Flink inside this JVM, on loopback: the quickstart, tests and benchmarks use them, and
 * they know no command.
 */
@NullMarked
package io.tidecast.cli.embedded;

import org.jspecify.annotations.NullMarked;
