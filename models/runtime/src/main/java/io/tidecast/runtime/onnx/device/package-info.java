/**
 * Says on which device a model runs, what that takes of a machine, and what is wrong where it
 * can't.
 */
@NullMarked
package io.tidecast.runtime.onnx.device;

import org.jspecify.annotations.NullMarked;
