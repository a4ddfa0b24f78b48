package io.tidecast.runtime.windows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Rows of floats in direct memory that ONNX Runtime reads and writes in place. One thread at a
 * time.
 */
public final class Rows {

  /**
   * ONNX Runtime's own arena aligns so too; some kernels sum in an order that follows the
   * alignment.
   */
  private static final int ALIGNMENT = 64;

  private final int rowSize;
  private final FloatBuffer cells;
  private final FloatBuffer aside;
  private int size;

  Rows(int capacity, int rowSize) {
    this.rowSize = rowSize;
    this.cells = direct(capacity, rowSize);
    this.aside = direct(2, rowSize);
  }

  /**
   * ONNX Runtime takes the bytes as they lie: any order but the native one is garbage without an
   * error.
   */
  private static FloatBuffer direct(int rows, int rowSize) {
    int count = Math.multiplyExact(rows, rowSize);
    int bytes = Math.addExact(Math.multiplyExact(count, Float.BYTES), 2 * ALIGNMENT);
    ByteBuffer aligned = ByteBuffer.allocateDirect(bytes).alignedSlice(ALIGNMENT);
    return aligned.order(ByteOrder.nativeOrder()).asFloatBuffer().slice(0, count);
  }

  /** The buffer of all rows, row-major, from row 0 on. */
  public FloatBuffer cells() {
    return cells;
  }

  /**
   * Returns room of fixed alignment for a row that has to run by itself, beside at most one copy of
   * it.
   */
  public FloatBuffer aside() {
    return aside;
  }

  int size() {
    return size;
  }

  void resize(int newSize) {
    size = newSize;
  }

  void get(int row, float[] destination) {
    cells.get(offset(row), destination, 0, rowSize);
  }

  void getFirst(int row, float[] destination) {
    if (destination.length > rowSize) {
      throw new IllegalArgumentException(
          "must be at most " + rowSize + ": destination.length=" + destination.length);
    }
    cells.get(offset(row), destination, 0, destination.length);
  }

  void set(int row, float[] source) {
    cells.put(offset(row), source, 0, rowSize);
  }

  /** Writes the row behind the last one, which becomes one of these rows by a resize. */
  void setNext(float[] source) {
    cells.put(size * rowSize, source, 0, rowSize);
  }

  void copyAside(int row, int copy) {
    aside.put(copy * rowSize, cells, offset(row), rowSize);
  }

  void copyFromAside(int row) {
    cells.put(offset(row), aside, 0, rowSize);
  }

  boolean isFinite(int row) {
    int start = offset(row);
    for (int i = start; i < start + rowSize; i++) {
      if (!Float.isFinite(cells.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Tells whether these rows are the first rows of the other, bit for bit. */
  boolean startsBitForBit(Rows other) {
    for (int i = 0; i < size * rowSize; i++) {
      if (Float.floatToRawIntBits(cells.get(i)) != Float.floatToRawIntBits(other.cells.get(i))) {
        return false;
      }
    }
    return true;
  }

  private int offset(int row) {
    if (row < 0 || row >= size) {
      throw new IndexOutOfBoundsException("must be below " + size + ": row=" + row);
    }
    return row * rowSize;
  }
}
