package io.tidecast.runtime.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.TensorRole;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowBatchTest {

  private static final float NO = Float.NaN;
  private static final ForecasterSpec TWO_CHANNELS =
      new ForecasterSpec("m", "1", 4, 1, 2, List.of());

  private final WindowBatch batch = new WindowBatch(TWO_CHANNELS, 2);

  @Test
  void shouldHoldContextsInOrder() {
    assertThat(batch.add(Window.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}))).isZero();
    assertThat(batch.add(Window.of(new float[] {9, 8, 7, 6, 5, 4, 3, 2}))).isZero();

    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.isFull()).isTrue();
    assertThat(context(0)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(context(1)).containsExactly(9, 8, 7, 6, 5, 4, 3, 2);
  }

  @Test
  void shouldCarryTheLastValueOfEachChannelForward() {
    assertThat(batch.add(Window.of(new float[] {1, 2, NO, 4, NO, NO, 7, NO}))).isEqualTo(4);

    assertThat(context(0)).containsExactly(1, 2, 1, 4, 1, 4, 7, 4);
  }

  @Test
  void shouldCarryTheFirstValueBackOverLeadingGaps() {
    batch.add(Window.of(new float[8]));

    assertThat(batch.add(Window.of(new float[] {NO, NO, NO, 4, 5, NO, 7, 8}))).isEqualTo(4);

    assertThat(context(1)).containsExactly(5, 4, 5, 4, 5, 4, 7, 8);
  }

  @Test
  void shouldLeaveLeadingGapsToAForecasterThatPads() {
    ForecasterSpec padding =
        new ForecasterSpec(
            "m", "1", 4, 1, 2, List.of(0, 1), ForecasterInputs.NONE, List.of(), true);
    WindowBatch padded = new WindowBatch(padding, 1);

    assertThat(padded.add(Window.of(new float[] {NO, NO, NO, 4, 5, NO, NO, 8}))).isEqualTo(2);

    float[] context = new float[8];
    padded.context(0, context);
    assertThat(context).containsExactly(NO, NO, NO, 4, 5, 4, 5, 8);
    padded.clear();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> padded.add(Window.of(new float[] {1, NO, 3, NO, 5, NO, 7, NO})))
        .withMessage("must have a value somewhere: channel=1");
  }

  @Test
  void shouldRefuseAChannelWithoutAnyValueAndStayAsItWas() {
    batch.add(Window.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.add(Window.of(new float[] {1, NO, 3, NO, 5, NO, 7, NO})))
        .withMessage("must have a value somewhere: channel=1");

    assertThat(batch.size()).isEqualTo(1);
    assertThat(context(0)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void shouldRefuseInfinityAndOtherLengths() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> batch.add(Window.of(new float[] {1, Float.NEGATIVE_INFINITY, 3, 4, 5, 6, 7, 8})))
        .withMessage("must be finite: cell=-Infinity");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.add(Window.of(new float[7])))
        .withMessage("must hold 8 values: context.length=7");
    assertThat(batch.size()).isZero();
  }

  @Test
  void shouldNameTheInputsThereAreWhenAskedForAnother() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.rows(TensorRole.NOISE))
        .withMessage("must be among the inputs [CONTEXT]: role=NOISE");
  }

  @Test
  void shouldRefuseMoreThanItHolds() {
    batch.add(Window.of(new float[8]));
    batch.add(Window.of(new float[8]));

    assertThatIllegalStateException()
        .isThrownBy(() -> batch.add(Window.of(new float[8])))
        .withMessage("batch is full: capacity=2");
  }

  @Test
  void shouldStartAgainOnceCleared() {
    batch.add(Window.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}));
    batch.clear();

    assertThat(batch.size()).isZero();
    assertThatThrownBy(() -> context(0))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("must be below 0: row=0");
    batch.add(Window.of(new float[] {8, 7, 6, 5, 4, 3, 2, 1}));
    assertThat(context(0)).containsExactly(8, 7, 6, 5, 4, 3, 2, 1);
  }

  @Test
  void shouldLieInDirectMemoryOfNativeOrder() {
    assertThat(batch.rows(TensorRole.CONTEXT).cells().isDirect()).isTrue();
    assertThat(batch.rows(TensorRole.CONTEXT).cells().order()).isEqualTo(ByteOrder.nativeOrder());
  }

  private float[] context(int row) {
    float[] context = new float[8];
    batch.context(row, context);
    return context;
  }
}
