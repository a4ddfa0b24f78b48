package io.tidecast.architectures.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
  private static final Shape WINDOWS = Shape.of(-1, 7, 12);

  @Test
  void shouldFollowTheBatchThroughAReshape() {
    Shape rows = WINDOWS.reshaped(-1, 3, 4);
    assertThat(rows).hasToString("[batch*7, 3, 4]");
    assertThat(rows.reshaped(-1, 7, 12)).isEqualTo(WINDOWS);
    assertThat(WINDOWS.reshaped(-1, 21, 8)).hasToString("[batch/2, 21, 8]");
    assertThat(WINDOWS.reshaped(7, -1, 12)).hasToString("[7, batch, 12]");
    assertThat(Shape.of(4, 6).reshaped(-1, 8)).isEqualTo(Shape.of(3, 8));
  }

  @Test
  void shouldRefuseWhatHasOtherElements() {
    assertThatThrownBy(() -> WINDOWS.reshaped(2, 7, 12))
        .hasMessage("as many elements must have another shape: [batch, 7, 12] to [2, 7, 12]");
    assertThatThrownBy(() -> Shape.of(4, 6).reshaped(-1, 5))
        .hasMessage("elements must fill whole rows: elements=24, row=5");
  }

  @Test
  void shouldBroadcastAsNumpyDoes() {
    assertThat(WINDOWS.broadcast(Shape.of(7, 1))).isEqualTo(WINDOWS);
    assertThat(Shape.of().broadcast(WINDOWS)).isEqualTo(WINDOWS);
    assertThat(Shape.of(1, 7, 1).broadcast(WINDOWS)).isEqualTo(WINDOWS);
    assertThatThrownBy(() -> WINDOWS.broadcast(Shape.of(6, 12)))
        .hasMessage("shapes must be the same or 1: [batch, 7, 12] and [6, 12]");
  }

  @Test
  void shouldMultiplyMatricesThatFit() {
    assertThat(WINDOWS.times(Shape.of(12, 5))).isEqualTo(Shape.of(-1, 7, 5));
    assertThat(Shape.of(2, 7).times(WINDOWS)).isEqualTo(Shape.of(-1, 2, 12));
    assertThatThrownBy(() -> WINDOWS.times(Shape.of(7, 5)))
        .hasMessage("matrices must fit each other: [batch, 7, 12] times [7, 5]");
  }
}
