/**
 * Forecasters as pure functions over an op set, and the ONNX graphs and weight files around them.
 *
 * <p>An architecture is written once, against {@link io.tidecast.architectures.Ops}. Recorded
 * through {@link io.tidecast.architectures.OnnxOps} it becomes the graph that is served; run
 * through an eager backend elsewhere it is what is trained. Nothing here knows torch or ONNX
 * Runtime.
 */
package io.tidecast.architectures;
