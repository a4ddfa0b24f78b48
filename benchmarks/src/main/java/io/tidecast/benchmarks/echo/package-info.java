/** Makes models whose forecasts say what they saw. */
@NullMarked
package io.tidecast.benchmarks.echo;

import org.jspecify.annotations.NullMarked;
