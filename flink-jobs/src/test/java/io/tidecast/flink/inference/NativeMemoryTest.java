package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.manifest.ForecasterSpec;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {

  private static final BatchSettings BATCHES = BatchSettings.of(128);

  private final ModelSlots models = ModelSlots.of(new TestingModel(batch -> {}));
  private final ForecasterSpec spec = models.byDefault().model().spec();
  private final long one =
      4L
          * 128
          * (spec.contextSize()
              + spec.futureCovariatesSize()
              + spec.pointsSize()
              + spec.quantilesSize());

  private static Configuration taskManager(int slots) {
    Configuration settings = new Configuration();
    settings.set(TaskManagerOptions.NUM_TASK_SLOTS, slots);
    return settings;
  }

  @Test
  void shouldAddUpWhatGoesInAndOutOfEachWorker() {
    assertThat(NativeMemory.batchBytes(models, BATCHES, 3)).isEqualTo(3 * one);
  }

  @Test
  void shouldSayOnceWhatFlinkDoesNotSetAside() {
    Configuration settings = taskManager(7);
    assertThat(NativeMemory.lacking(models, BATCHES, settings))
        .get()
        .asString()
        .startsWith("taskmanager.memory.task.off-heap.size=0b sets less aside than the batches")
        .contains("Set it to what 'tidecast size' reckons");
    assertThat(NativeMemory.lacking(models, BATCHES, settings)).as("the next subtask").isEmpty();
  }

  @Test
  void shouldSayNothingWhereThereIsRoom() {
    Configuration settings = taskManager(5);
    settings.set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, new MemorySize(5 * one));
    assertThat(NativeMemory.lacking(models, BATCHES, settings)).isEmpty();
    settings.set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, new MemorySize(5 * one - 1));
    assertThat(NativeMemory.lacking(models, BATCHES, settings)).isPresent();
  }
}
