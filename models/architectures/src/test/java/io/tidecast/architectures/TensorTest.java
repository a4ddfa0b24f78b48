package io.tidecast.architectures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class TensorTest {

  @Test
  void shouldHoldFloatsOrIntegers() {
    assertThat(Tensor.of(new float[] {1, 2}, 2).floats()).containsExactly(1, 2);
    assertThat(Tensor.of(new long[] {3, 4}, 1, 2).longs()).containsExactly(3, 4);
  }

  @Test
  void shouldSayWhatItIsWhenAskedForTheOther() {
    assertThatIllegalStateException()
        .isThrownBy(Tensor.of(new long[] {3, 4}, 1, 2)::floats)
        .withMessage("tensor must be F32, found I64 [1, 2]");
    assertThatIllegalStateException()
        .isThrownBy(Tensor.of(new float[] {1}, 1)::longs)
        .withMessage("tensor must be I64, found F32 [1]");
  }

  @Test
  void shouldHoldExactlyOneOfThem() {
    long[] shape = {1};
    assertThatIllegalArgumentException().isThrownBy(() -> new Tensor(shape, null, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tensor(shape, new float[] {1}, new long[] {1}));
  }
}
