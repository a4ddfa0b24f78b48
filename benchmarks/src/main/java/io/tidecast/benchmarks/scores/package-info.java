/** Measures what scoring takes of a processor and of the state. */
@NullMarked
package io.tidecast.benchmarks.scores;

import org.jspecify.annotations.NullMarked;
