package io.tidecast.runtime.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentCellsTest {

  /** Whole and missing cells, across the end of what is kept, and beyond both ends. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCopyWhatItGivesOneByOne(boolean wide) {
    Random random = new Random(7);
    RecentCells cells = new RecentCells(5);
    for (long cell = 100; cell < 130; cell++) {
      double value = wide ? random.nextDouble() : random.nextFloat();
      cells.put(cell, random.nextInt(4) == 0 ? Double.NaN : value);
      for (long first = cell - 7; first <= cell + 2; first++) {
        for (int count = 1; count <= 6; count++) {
          float[] copied = new float[count];
          cells.copy(first, .25, copied, count);
          float[] singly = new float[count];
          for (int i = 0; i < count; i++) {
            singly[i] = (float) (cells.value(first + i) - .25);
          }
          assertThat(copied).as("%d from %d, newest %d", count, first, cell).isEqualTo(singly);
        }
      }
    }
  }
}
