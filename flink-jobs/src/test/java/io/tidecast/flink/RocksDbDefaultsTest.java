package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.state.rocksdb.PredefinedOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.junit.jupiter.api.Test;
import org.rocksdb.CompressionType;

class RocksDbDefaultsTest {

  private final Configuration given = new Configuration();
  private final Configuration settings = new Configuration();

  @Test
  void shouldSetWhatIsLeftOpen() {
    RocksDbDefaults.addTo(settings, given);

    assertThat(settings.get(RocksDBConfigurableOptions.USE_BLOOM_FILTER)).isTrue();
    assertThat(settings.get(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL))
        .containsExactly(CompressionType.NO_COMPRESSION);
    assertThat(settings.get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).isTrue();
  }

  @Test
  void shouldLeaveEachSettingThatIsGiven() {
    given.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, false);
    given.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, false);
    given.set(
        RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL,
        List.of(CompressionType.ZSTD_COMPRESSION));

    RocksDbDefaults.addTo(settings, given);

    assertThat(settings.toMap()).isEmpty();
  }

  @Test
  void shouldSetTheOthersBesideOneThatIsGiven() {
    given.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, false);

    RocksDbDefaults.addTo(settings, given);

    assertThat(settings.toMap())
        .containsOnlyKeys(
            RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL.key(),
            CheckpointingOptions.INCREMENTAL_CHECKPOINTS.key());
  }

  /** What is set one by one would go before what is chosen as a whole. */
  @Test
  void shouldLeaveRocksDbToWhoChoosesAsAWhole() {
    given.set(RocksDBOptions.PREDEFINED_OPTIONS, PredefinedOptions.FLASH_SSD_OPTIMIZED.name());

    RocksDbDefaults.addTo(settings, given);

    assertThat(settings.toMap())
        .containsOnlyKeys(CheckpointingOptions.INCREMENTAL_CHECKPOINTS.key());

    Configuration factory = new Configuration();
    factory.set(RocksDBOptions.OPTIONS_FACTORY, "org.example.Options");
    Configuration others = new Configuration();
    RocksDbDefaults.addTo(others, factory);
    assertThat(others.toMap()).isEqualTo(settings.toMap());
  }

  /** A name of former versions of Flink is the same setting. */
  @Test
  void shouldKnowTheFormerNameOfASetting() {
    given.setString("state.backend.incremental", "false");

    RocksDbDefaults.addTo(settings, given);

    assertThat(settings.getOptional(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).isEmpty();
  }
}
