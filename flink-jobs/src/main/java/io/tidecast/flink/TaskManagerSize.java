package io.tidecast.flink;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;

/**
 * The memory of a task manager, as Flink adds it up of what a job needs.
 *
 * @param slots of the task manager
 * @param heapBytes of the JVM: of tasks, and what Flink takes itself
 * @param managedBytes that RocksDB caches and writes from
 * @param offHeapBytes for batches and the arena of ONNX Runtime
 * @param processBytes of all, {@code taskmanager.memory.process.size}
 */
public record TaskManagerSize(
    int slots, long heapBytes, long managedBytes, long offHeapBytes, long processBytes) {

  private static final long MEBIBYTE = 1L << 20;

  /**
   * Adds up what Flink takes besides: network, metaspace and overhead at its own defaults.
   *
   * @param heapBytes of the JVM, at least; rounded up to whole mebibytes, as all others
   */
  public static TaskManagerSize of(
      int slots, long heapBytes, long managedBytes, long offHeapBytes) {
    Configuration settings = new Configuration();
    long framework = TaskManagerOptions.FRAMEWORK_HEAP_MEMORY.defaultValue().getBytes();
    long tasks = whole(Math.max(heapBytes - framework, MEBIBYTE));
    settings.set(TaskManagerOptions.NUM_TASK_SLOTS, slots);
    settings.set(TaskManagerOptions.TASK_HEAP_MEMORY, new MemorySize(tasks));
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, new MemorySize(whole(managedBytes)));
    settings.set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, new MemorySize(whole(offHeapBytes)));
    settings.set(TaskManagerOptions.CPU_CORES, (double) slots);
    TaskExecutorProcessSpec spec = TaskExecutorProcessUtils.processSpecFromConfig(settings);
    return new TaskManagerSize(
        slots,
        spec.getJvmHeapMemorySize().getBytes(),
        spec.getManagedMemorySize().getBytes(),
        spec.getTaskOffHeapSize().getBytes(),
        whole(spec.getTotalProcessMemorySize().getBytes()));
  }

  private static long whole(long bytes) {
    return (bytes + MEBIBYTE - 1) / MEBIBYTE * MEBIBYTE;
  }
}
