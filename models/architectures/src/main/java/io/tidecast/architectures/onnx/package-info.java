/** Records a network as the ONNX graph that is served. */
@NullMarked
package io.tidecast.architectures.onnx;

import org.jspecify.annotations.NullMarked;
