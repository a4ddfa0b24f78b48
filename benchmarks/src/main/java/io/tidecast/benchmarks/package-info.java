/**
 * How fast Tidecast is: ONNX Runtime by itself, the forecaster around it, and the whole job around
 * that, each as a share of the one before. Measured on demand, never by a test. And how it bears
 * faults.
 */
@NullMarked
package io.tidecast.benchmarks;

import org.jspecify.annotations.NullMarked;
