/**
 * Feeds jobs with records of every format, most of them broken in some way that follows from a
 * seed, and holds what came out against what went in.
 */
@NullMarked
package io.tidecast.benchmarks.fuzz;

import org.jspecify.annotations.NullMarked;
