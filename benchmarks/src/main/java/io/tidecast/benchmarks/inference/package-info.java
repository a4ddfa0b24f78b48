/** ONNX Runtime by itself and the forecaster around it: batches on one thread, without a stream. */
package io.tidecast.benchmarks.inference;
