/** The networks as PyTorch's users run them, op by op in torch, beside the forecasters of a job. */
@NullMarked
package io.tidecast.benchmarks.eager;

import org.jspecify.annotations.NullMarked;
