package io.tidecast.graph;

/**
 * How much a graph may hold. All of it is far beyond what forecasters have, and far below what
 * would exhaust the process that reads it.
 */
public final class GraphLimits {

  /** Messages and texts of a file: nodes, attributes, names and so on. */
  static final int MOST_PARTS = 3_000_000;

  /** Bytes of lists of numbers that can be one byte in the file and eight in memory. */
  static final int MOST_BYTES_OF_NUMBERS = 1 << 24;

  /** Nodes once every call of a function is written out, as ONNX Runtime does. */
  static final int MOST_NODES = 200_000;

  /** Subgraphs within each other. */
  static final int MOST_NESTING = 16;

  /** Functions that call each other. */
  static final int MOST_CALLS = 64;

  /** Values of one tensor of weights, or of one that is made of constants. */
  static final long MOST_VALUES = 1L << 28;

  /** Values of a tensor whose shape the file declares. */
  static final long MOST_DECLARED_VALUES = 1L << 31;

  /** A file of ONNX ends here, for protobuf counts in 32 bits; some room is left for a header. */
  private static final long MOST_OF_PROTOBUF = (1L << 31) - (1L << 20);

  /** A graph is held once while it is read, a second time while weights are put into it. */
  private static final int COPIES = 3;

  private GraphLimits() {}

  /**
   * The most that the files of one graph may have together, in bytes: a third of the heap of this
   * process, and never more than protobuf reads.
   */
  public static long mostBytes() {
    return Math.min(MOST_OF_PROTOBUF, Runtime.getRuntime().maxMemory() / COPIES);
  }

  /** Says in a message where {@link #mostBytes} comes from. */
  public static String reason() {
    return mostBytes() == MOST_OF_PROTOBUF
        ? "which is where the format ends"
        : "a third of the heap of this process, which -Xmx raises";
  }

  /** Writes a number of bytes for people. */
  public static String megabytes(long bytes) {
    return bytes < 10_000_000
        ? "%,d bytes".formatted(bytes)
        : "%,d MB".formatted(bytes / 1_000_000);
  }
}
