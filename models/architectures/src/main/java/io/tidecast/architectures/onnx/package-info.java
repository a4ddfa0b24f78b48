/** Records a network as the ONNX graph that is served. */
package io.tidecast.architectures.onnx;
