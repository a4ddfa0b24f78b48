package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtException;

/** Makes one line of what ONNX Runtime says, which may be several. */
final class OnnxMessage {

  private OnnxMessage() {}

  static String of(OrtException failure) {
    return String.valueOf(failure.getMessage()).replaceAll("[\\p{Cc}\\s]+", " ").strip();
  }
}
