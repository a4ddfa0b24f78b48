/**
 * Brokers and jobs in processes of their own, as they run where they are used, and what their
 * threads take of the processors.
 */
@NullMarked
package io.tidecast.benchmarks.process;

import org.jspecify.annotations.NullMarked;
