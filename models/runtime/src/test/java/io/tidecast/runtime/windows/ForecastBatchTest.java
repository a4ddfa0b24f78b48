package io.tidecast.runtime.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastBatchTest {

  private final ForecastBatch batch =
      new ForecastBatch(new ForecasterSpec("m", "1", 4, 2, 1, List.of(0.1, 0.9)), 3);

  @Test
  void shouldKeepRowsApart() {
    batch.resize(2);
    batch.setPoints(0, new float[] {1, 2});
    batch.setPoints(1, new float[] {3, 4});
    batch.setQuantiles(1, new float[] {5, 6, 7, 8});

    float[] points = new float[2];
    float[] quantiles = new float[4];
    batch.points(0, points);
    assertThat(points).containsExactly(1, 2);
    batch.points(1, points);
    assertThat(points).containsExactly(3, 4);
    batch.quantiles(1, quantiles);
    assertThat(quantiles).containsExactly(5, 6, 7, 8);
  }

  @Test
  void shouldSayWhichForecastIsNoNumber() {
    batch.resize(3);
    batch.setPoints(1, new float[] {1, Float.NaN});
    batch.setQuantiles(2, new float[] {1, 2, Float.POSITIVE_INFINITY, 3});

    assertThat(batch.isFinite(0)).isTrue();
    assertThat(batch.isFinite(1)).isFalse();
    assertThat(batch.isFinite(2)).isFalse();
  }

  @Test
  void shouldRefuseSizesAndRowsBeyondItself() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.resize(4))
        .withMessage("must be within 0..3: size=4");
    batch.resize(1);
    assertThatThrownBy(() -> batch.points(1, new float[2]))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("must be below 1: row=1");
  }
}
