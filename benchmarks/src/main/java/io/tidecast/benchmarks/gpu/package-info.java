/** Models on a GPU: their answers beside those of the processor, and how fast they come. */
@NullMarked
package io.tidecast.benchmarks.gpu;

import org.jspecify.annotations.NullMarked;
