/** Runs models in ONNX Runtime, bit for bit alike in every batch; nothing else sees its classes. */
@NullMarked
package io.tidecast.runtime.onnx;

import org.jspecify.annotations.NullMarked;
