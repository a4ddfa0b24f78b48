/** ONNX Runtime by itself and the forecaster around it: batches on one thread, without a stream. */
@NullMarked
package io.tidecast.benchmarks.inference;

import org.jspecify.annotations.NullMarked;
