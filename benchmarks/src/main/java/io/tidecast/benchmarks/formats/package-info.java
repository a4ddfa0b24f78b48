/** Makes records of every format that a topic may have. */
@NullMarked
package io.tidecast.benchmarks.formats;

import org.jspecify.annotations.NullMarked;
