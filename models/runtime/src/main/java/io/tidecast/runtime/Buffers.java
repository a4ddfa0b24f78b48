package io.tidecast.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The float buffers that ONNX Runtime reads and writes in place. */
final class Buffers {

  private Buffers() {}

  /**
   * ONNX Runtime takes the bytes as they lie: any order but the native one is garbage without an
   * error.
   */
  static FloatBuffer direct(int rows, int rowSize) {
    int bytes = Math.multiplyExact(Math.multiplyExact(rows, rowSize), Float.BYTES);
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  static int offset(int row, int rows, int rowSize) {
    if (row < 0 || row >= rows) {
      throw new IndexOutOfBoundsException("must be below " + rows + ": row=" + row);
    }
    return row * rowSize;
  }
}
