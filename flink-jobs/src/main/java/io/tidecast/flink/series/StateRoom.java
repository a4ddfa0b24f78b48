package io.tidecast.flink.series;

import java.io.File;
import java.util.Locale;
import org.apache.flink.runtime.io.disk.iomanager.IOManager;
import org.apache.flink.runtime.state.KeyedStateBackend;

/**
 * How much room there is for series where state is kept.
 *
 * @param isHeap whether it is the heap of the JVM; else it is a disk
 * @param totalBytes of the heap, or free on the disk
 */
record StateRoom(boolean isHeap, long totalBytes) {

  /**
   * Of the heap. Arrays may be held twice while a checkpoint is written, and Kafka's clients, the
   * model and windows under way need theirs.
   */
  private static final int HEAP_PERCENT = 30;

  /** Of what is free. The rest is for levels that are being merged, and for other files. */
  private static final int DISK_PERCENT = 50;

  private static final int MEBIBYTE_SHIFT = 20;

  /** Looks where a backend keeps its state. */
  static StateRoom of(KeyedStateBackend<?> backend, IOManager files) {
    return switch (backend.getBackendTypeIdentifier()) {
      case "rocksdb", "forst" -> new StateRoom(false, freeBytes(files.getSpillingDirectories()));
      default -> new StateRoom(true, Runtime.getRuntime().maxMemory());
    };
  }

  private static long freeBytes(File[] directories) {
    long most = 0;
    for (File directory : directories) {
      most = Math.max(most, directory.getUsableSpace());
    }
    return most;
  }

  int percent() {
    return percent(isHeap);
  }

  static int percent(boolean isHeap) {
    return isHeap ? HEAP_PERCENT : DISK_PERCENT;
  }

  /** The least room, bytes, of which series may take so many. */
  static long leastFor(boolean isHeap, long seriesBytes) {
    int percent = percent(isHeap);
    return Math.multiplyExact((seriesBytes + percent - 1) / percent, 100);
  }

  /** What series may take of it. */
  long forSeriesBytes() {
    return totalBytes / 100 * percent();
  }

  /** Names it for people. */
  String description() {
    return String.format(
        Locale.ROOT,
        isHeap ? "a heap of %,d MiB" : "%,d MiB that are free on disk",
        totalBytes >> MEBIBYTE_SHIFT);
  }
}
