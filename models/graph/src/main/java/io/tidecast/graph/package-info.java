/** Reads and scans an ONNX file in Java, before native code is given it. */
package io.tidecast.graph;
