/** Runs models in ONNX Runtime, bit for bit alike in every batch; nothing else sees its classes. */
package io.tidecast.runtime.onnx;
