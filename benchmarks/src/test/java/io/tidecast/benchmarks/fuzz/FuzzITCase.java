package io.tidecast.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.benchmarks.formats.RecordFormat;
import io.tidecast.benchmarks.formats.RecordFormats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fifty thousand records, most of them broken, in all formats together. */
@Tag("cluster")
@Timeout(300)
class FuzzITCase {

  private static final long RECORDS = Long.getLong("tidecast.fuzz", 50_000);
  private static final long SEED = 7;

  @TempDir private static Path folder;
  private static FuzzStage stage;
  private static RecordFormats formats;

  @BeforeAll
  static void start() throws Exception {
    stage = FuzzStage.start(folder);
  }

  @AfterAll
  static void stop() {
    stage.close();
    formats.close();
  }

  static List<RecordFormat> formats() throws IOException {
    formats = RecordFormats.open();
    return formats.all();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void shouldAccountForEachRecord(RecordFormat format) throws Exception {
    FuzzAccount account = stage.run(format, RECORDS / formats.all().size(), SEED);

    assertThat(account.refused()).as("the records are broken").isPositive();
    assertThat(account.problems(FuzzStage.CONTEXT)).as(account.toString()).isEmpty();
  }
}
