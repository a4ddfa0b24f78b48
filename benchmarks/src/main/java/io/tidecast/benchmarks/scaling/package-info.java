/**
 * What {@code tidecast size} reckons, held against a job that really has so many series, and
 * against a simulation where no machine here has room for them.
 */
@NullMarked
package io.tidecast.benchmarks.scaling;

import org.jspecify.annotations.NullMarked;
