/**
 * Runs jobs over topics and files as people have them, and says what became of each observation.
 */
@NullMarked
package io.tidecast.benchmarks.topics;

import org.jspecify.annotations.NullMarked;
