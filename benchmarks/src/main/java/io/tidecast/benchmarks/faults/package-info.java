/**
 * The fault matrix: jobs in processes of their own against a broker in another, which are killed,
 * paused and starved, and an account of what became of every forecast.
 */
@NullMarked
package io.tidecast.benchmarks.faults;

import org.jspecify.annotations.NullMarked;
