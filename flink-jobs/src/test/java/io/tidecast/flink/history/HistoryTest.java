package io.tidecast.flink.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.grid.GridStep;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  private static final GridStep STEP = GridStep.fixed(Duration.ofSeconds(1));

  @TempDir private Path folder;

  private void write(int bucket, int subtask, Object... cells) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(
            Files.newOutputStream(folder.resolve(CellSink.prefix(bucket) + subtask)))) {
      for (int i = 0; i < cells.length; i += 3) {
        out.writeUTF((String) cells[i]);
        out.writeLong(1_000L * (Integer) cells[i + 1]);
        out.writeDouble((Double) cells[i + 2]);
      }
    }
  }

  @Test
  void shouldPutCellsInOrderAndLetTheLastOfEachCount() throws IOException {
    write(3, 0, "b", 7, 1.5, "a", 3, Double.NaN, "a", 4, 40.0, "b", 5, 2.5);
    write(4, 1, "é", 1, 1e300);
    write(5, 0, "silent", 1, Double.NaN);
    write(3, 2, "c", 9, 9.0, "c", 8, 8.0, "c", 9, 9.5);
    Files.writeString(folder.resolve(ReadSink.PREFIX + 0), "in\t1\t5\t9\t1000\t7000\t4\n");
    Files.writeString(folder.resolve(ReadSink.PREFIX + 1), "in\t1\t2\t3\t500\t600\t2\n");
    Files.writeString(folder.resolve(RejectionSink.PREFIX + 0), "late\t3\tfirst\n");
    Files.writeString(folder.resolve(RejectionSink.PREFIX + 1), "late\t2\tother\n");

    History history = History.of(folder, STEP, 1);

    assertThat(history.series())
        .extracting(HistorySeries::name)
        .containsExactly("a", "b", "c", "é");
    assertThat(values(history, 0)).containsExactly(40.0);
    assertThat(values(history, 1)).containsExactly(2.5, Double.NaN, 1.5);
    assertThat(values(history, 2)).containsExactly(8.0, 9.5);
    assertThat(values(history, 3)).containsExactly(1e300);
    assertThat(history.series().get(1))
        .extracting(HistorySeries::firstMillis, HistorySeries::cells, HistorySeries::valued)
        .containsExactly(5_000L, 3, 2);
    assertThat(history.read()).containsExactly(new History.ReadRange("in", 1, 2, 9, 500, 7_000, 6));
    assertThat(history.rejected()).containsExactly(new History.RejectedCount("late", 5, "first"));

    assertThat(History.isIn(folder)).isTrue();
    History again = History.open(folder);
    assertThat(again).isEqualTo(history);
    assertThat(values(again, 2)).containsExactly(8.0, 9.5);
  }

  @Test
  void shouldRefuseASeriesThatIsTooLongToBeRight() throws IOException {
    write(0, 0, "clock", 0, 1.0, "clock", 1_700_000_000, 2.0);

    assertThatThrownBy(() -> History.of(folder, STEP, 1))
        .isInstanceOf(HistoryException.class)
        .hasMessageContaining("series clock must not begin 1700000000 cells before it ends");
    assertThat(History.isIn(folder)).isFalse();
  }

  private static List<Double> values(History history, int series) throws IOException {
    return Arrays.stream(history.values(history.series().get(series))).boxed().toList();
  }
}
