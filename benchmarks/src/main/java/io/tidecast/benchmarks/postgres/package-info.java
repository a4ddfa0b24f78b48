/**
 * How fast a job's topics are copied into PostgreSQL, and what a server that is away does to it.
 */
@NullMarked
package io.tidecast.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;
