/**
 * Models as they are served: a manifest that says what a graph takes and gives, batches of windows
 * and forecasts in direct buffers, forecasters over ONNX Runtime, and the baseline. Knows nothing
 * of streams, schemas or training.
 */
package io.tidecast.runtime;
