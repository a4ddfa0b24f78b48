/** Reads and scans an ONNX file in Java, before native code is given it. */
@NullMarked
package io.tidecast.graph;

import org.jspecify.annotations.NullMarked;
