/** Mixes and calibrates forecasts of series that come cell by cell, and compares ways to do it. */
@NullMarked
package io.tidecast.benchmarks.online;

import org.jspecify.annotations.NullMarked;
