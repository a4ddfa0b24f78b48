package io.tidecast.flink.covariates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.grid.GridStep;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CovariateRingTest {

  private static final int MAX_CELLS = 100;
  private static final CovariateGrid GRID = grid("a", "b");

  private CovariateRing ring = CovariateRing.of(GRID, null);

  @Test
  void shouldKeepTheLatestOfACellAndOfATimeTheLastToArrive() {
    put(7, 10, 1, Float.NaN);
    put(7, 30, 2, 5);
    put(7, 20, 3, 6);
    assertThat(values(7)).containsExactly(2, 5);
    put(7, 30, 4, Float.NaN);
    assertThat(values(7))
        .as("an update, and a missing value that changes nothing")
        .containsExactly(4, 5);
    assertThat(values(6)).containsExactly(Float.NaN, Float.NaN);
    assertThat(values(8)).containsExactly(Float.NaN, Float.NaN);
  }

  @Test
  void shouldForgetTheOldestWhenItIsFull() {
    for (int cell = 0; cell < 250; cell++) {
      put(cell, 0, cell, -cell);
    }
    assertThat(ring.oldestAccepted()).isEqualTo(150);
    assertThat(values(149)).containsOnly(Float.NaN);
    assertThat(values(150)).containsExactly(150, -150);
    put(1_000_000, 0, 1, 2);
    assertThat(values(249)).containsOnly(Float.NaN);
    assertThat(ring.oldestAccepted()).isEqualTo(1_000_000 - MAX_CELLS + 1);
    assertThat(ring.bytes().length).isLessThan(48 + 2 * MAX_CELLS * 2 * CovariateRing.VALUE_BYTES);
  }

  @Test
  void shouldTakeNoMoreThanItNeeds() {
    put(-5, 0, 1, 2);
    int one = ring.bytes().length;
    for (int cell = 0; cell < MAX_CELLS; cell++) {
      put(cell, 0, cell, cell);
    }
    assertThat(ring.bytes().length).isGreaterThan(3 * one);
    ring.forgetBefore(MAX_CELLS - 3);
    assertThat(ring.bytes()).hasSize(one);
    assertThat(values(MAX_CELLS - 4)).containsOnly(Float.NaN);
    assertThat(values(MAX_CELLS - 3)).containsExactly(MAX_CELLS - 3, MAX_CELLS - 3);
    assertThat(ring.oldestAccepted()).isEqualTo(MAX_CELLS - 3);
    ring.forgetBefore(2 * MAX_CELLS);
    assertThat(values(MAX_CELLS - 1)).containsOnly(Float.NaN);
    assertThat(ring.oldestAccepted()).isEqualTo(2 * MAX_CELLS);
  }

  @Test
  void shouldBeATableOfTheNewestCells() {
    Random random = new Random(5);
    for (int trial = 0; trial < 50; trial++) {
      ring = CovariateRing.of(GRID, null);
      Map<Long, Map<Integer, float[]>> table = new HashMap<>();
      long newest = Long.MIN_VALUE;
      long forgotten = Long.MIN_VALUE;
      long at = random.nextInt(1_000) - 500;
      for (int i = 0; i < 400; i++) {
        at += random.nextInt(7) - 2;
        long cell = random.nextInt(50) == 0 ? at + random.nextInt(150) : at;
        if (cell >= ring.oldestAccepted()) {
          int time = random.nextInt(3);
          float[] values = {random.nextInt(4) == 0 ? Float.NaN : i, i};
          put(cell, time, values);
          newest = Math.max(newest, cell);
          for (int covariate = 0; covariate < 2; covariate++) {
            float[] kept = table.computeIfAbsent(cell, c -> new HashMap<>()).get(covariate);
            if (!Float.isNaN(values[covariate]) && (kept == null || time >= kept[1])) {
              table.get(cell).put(covariate, new float[] {values[covariate], time});
            }
          }
        }
        if (random.nextInt(40) == 0) {
          forgotten = Math.max(forgotten, at - random.nextInt(90));
          ring.forgetBefore(forgotten);
        }
      }
      long oldest = Math.max(forgotten, newest - MAX_CELLS + 1);
      for (long cell = newest - 200; cell <= newest + 20; cell++) {
        for (int covariate = 0; covariate < 2; covariate++) {
          float[] kept = table.getOrDefault(cell, Map.of()).get(covariate);
          assertThat(ring.value(cell, covariate))
              .as("trial %d, cell %d", trial, cell)
              .isEqualTo(Float.valueOf(cell < oldest || kept == null ? Float.NaN : kept[0]));
        }
      }
    }
  }

  @Test
  void shouldRefuseWhatWasKeptOfOtherCovariates() {
    put(3, 0, 1, 2);
    assertThatThrownBy(() -> CovariateRing.of(grid("b", "a"), ring.bytes()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("covariates.names=[b, a]");
    assertThatThrownBy(() -> CovariateRing.of(grid("a"), ring.bytes()))
        .hasMessageContaining("covariates.names=1, was kept with 2");
    CovariateGrid hours =
        new CovariateGrid(GridStep.fixed(Duration.ofHours(1)), List.of("a", "b"), MAX_CELLS, 4);
    assertThatThrownBy(() -> CovariateRing.of(hours, ring.bytes()))
        .hasMessageContaining("series.step=PT1H, was kept with PT1S");
    byte[] later = ring.bytes().clone();
    later[0] = 2;
    assertThatThrownBy(() -> CovariateRing.of(GRID, later)).hasMessageContaining("version=1");
  }

  @Test
  void shouldReadAndWriteTheStoredBytesOfVersion1() throws IOException {
    for (int cell = -3; cell < 20; cell++) {
      put(cell, cell * 1_000L + 7, cell, cell % 4 == 0 ? Float.NaN : 0.5f * cell);
    }
    ring.forgetBefore(-1);
    byte[] stored;
    try (InputStream in = CovariateRingTest.class.getResourceAsStream("covariate-ring-1.bin")) {
      stored = in.readAllBytes();
    }
    assertThat(ring.bytes()).isEqualTo(stored);

    ring = CovariateRing.of(GRID, stored);
    assertThat(ring.oldestAccepted()).isEqualTo(-1);
    assertThat(values(-2)).containsOnly(Float.NaN);
    assertThat(values(-1)).containsExactly(-1, -0.5f);
    assertThat(values(16)).containsExactly(16, Float.NaN);
    put(19, 19_006, 1, 1);
    assertThat(values(19)).as("of an earlier time").containsExactly(19, 9.5f);
    put(19, 19_007, 1, 1);
    assertThat(values(19)).containsExactly(1, 1);
  }

  private static CovariateGrid grid(String... names) {
    return new CovariateGrid(Samples.GRID_STEP, List.of(names), MAX_CELLS, 4);
  }

  /** Through bytes, as state is. */
  private void put(long cell, long timeMillis, float... values) {
    ring = CovariateRing.of(GRID, ring.bytes().clone());
    ring.put(cell, timeMillis, Samples.doubles(values));
  }

  private float[] values(long cell) {
    return new float[] {ring.value(cell, 0), ring.value(cell, 1)};
  }
}
