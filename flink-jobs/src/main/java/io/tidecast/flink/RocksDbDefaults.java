package io.tidecast.flink;

import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Settings of RocksDB that serve many series better than Flink's own defaults, for whatever the
 * settings that the job is submitted with leave open. Where series are on the heap they do nothing.
 *
 * <p>Most of what RocksDB has to do for a series is to find it: its newest bytes may be in any of
 * half a dozen files, of which each must be asked. {@code docs/how-to/many-series.md} has what each
 * setting was measured to be worth.
 */
public final class RocksDbDefaults {

  /** Two ways to choose everything at once: who takes one has chosen. */
  private static final List<String> CHOICES =
      List.of("state.backend.rocksdb.predefined-options", "state.backend.rocksdb.options-factory");

  /**
   * A filter tells without a look into a file that a series is not in it. Contexts of measured
   * values do not compress, so that trying to is all that compression does.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "state.backend.rocksdb.use-bloom-filter", "true",
          "state.backend.rocksdb.compression.per.level", "NO_COMPRESSION");

  private RocksDbDefaults() {}

  /**
   * Adds what is left open to the settings of a job.
   *
   * @param given what the job is submitted with: settings of the cluster, and of the submission
   */
  public static void addTo(Configuration settings, ReadableConfig given) {
    Map<String, String> chosen = given.toMap();
    // All series with every checkpoint is more than a disk takes; files of RocksDB never change.
    if (given.getOptional(CheckpointingOptions.INCREMENTAL_CHECKPOINTS).isEmpty()) {
      settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    }
    if (CHOICES.stream().noneMatch(chosen::containsKey)) {
      SETTINGS.forEach(
          (key, value) -> {
            if (!chosen.containsKey(key)) {
              settings.setString(key, value);
            }
          });
    }
  }
}
