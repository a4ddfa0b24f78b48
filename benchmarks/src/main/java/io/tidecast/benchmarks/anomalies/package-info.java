/** Measures how many labelled windows anomalies find, beside a rolling rule of three deviations. */
@NullMarked
package io.tidecast.benchmarks.anomalies;

import org.jspecify.annotations.NullMarked;
