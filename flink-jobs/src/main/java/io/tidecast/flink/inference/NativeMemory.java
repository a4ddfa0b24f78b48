package io.tidecast.flink.inference;

import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;

/**
 * The memory that models take off the heap of a TaskManager: the batches that go in and out, which
 * are known beforehand, and what ONNX Runtime takes for a run, which depends on the graph and is
 * not.
 */
public final class NativeMemory {

  private static final double MEGABYTE = 1e6;

  /** What has been told in this process. */
  private static final Set<Lack> TOLD = ConcurrentHashMap.newKeySet();

  private NativeMemory() {}

  /** The bytes that are set aside and those that are needed. */
  private record Lack(long aside, long needed) {}

  /**
   * The bytes of all batches in a process.
   *
   * @param workers of each model
   */
  public static long batchBytes(ModelSlots models, BatchSettings batches, int workers) {
    long numbers = 0;
    for (ModelSlot slot : models.all()) {
      ForecasterSpec spec = slot.model().spec();
      numbers +=
          (long) spec.contextSize()
              + spec.futureCovariatesSize()
              + spec.pointsSize()
              + spec.quantilesSize();
    }
    return numbers * workers * batches.maxSize() * Float.BYTES;
  }

  /**
   * Says that a TaskManager sets less aside than the batches take, and what to do; once in a
   * process.
   *
   * @param taskManager its settings. A cluster in one JVM sets nothing aside and has no limit
   */
  static Optional<String> lacking(
      ModelSlots models, BatchSettings batches, Configuration taskManager) {
    int slots = taskManager.get(TaskManagerOptions.NUM_TASK_SLOTS);
    int workers = batches.workers() > 0 ? batches.workers() : slots;
    long needed = batchBytes(models, batches, workers);
    long aside = taskManager.get(TaskManagerOptions.TASK_OFF_HEAP_MEMORY).getBytes();
    if (aside >= needed) {
      return Optional.empty();
    }
    // Each subtask would say it again.
    if (!TOLD.add(new Lack(aside, needed))) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s=%db sets less aside than the batches of the model take, %.1f MB, and ONNX Runtime takes memory beside them. Set it to what 'tidecast size' reckons for this job file, or the process may grow beyond its container and be killed.",
            TaskManagerOptions.TASK_OFF_HEAP_MEMORY.key(),
            aside,
            needed / MEGABYTE));
  }
}
