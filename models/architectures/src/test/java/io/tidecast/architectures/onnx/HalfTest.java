package io.tidecast.architectures.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.platform.Fp16Conversions;
import org.junit.jupiter.api.Test;

class HalfTest {

  /** Every half, the middle between it and the next, and what lies beside both. */
  @Test
  void shouldRoundAsOnnxRuntimeDoes() {
    for (int bits = 0; bits < 1 << Short.SIZE; bits++) {
      short half = (short) bits;
      float value = Fp16Conversions.fp16ToFloat(half);
      if (Float.isNaN(value)) {
        assertThat(Half.isFinite(Half.of(value))).isFalse();
        continue;
      }
      assertThat(Half.of(value)).as("%s", value).isEqualTo(half);
      assertThat(Half.isFinite(half)).isEqualTo(Float.isFinite(value));
      float next = Fp16Conversions.fp16ToFloat((short) (bits + 1));
      float middle = value / 2 + next / 2;
      for (float near : new float[] {Math.nextDown(middle), middle, Math.nextUp(middle)}) {
        if (Float.isFinite(near)) {
          assertThat(Half.of(near)).as("%s", near).isEqualTo(Fp16Conversions.floatToFp16(near));
        }
      }
    }
  }

  @Test
  void shouldOverflowWhereTheNextStepWouldBeNearer() {
    assertThat(Half.isFinite(Half.of(65_504))).isTrue();
    assertThat(Half.isFinite(Half.of(Math.nextDown(65_520f)))).isTrue();
    assertThat(Half.isFinite(Half.of(65_520))).isFalse();
    assertThat(Half.isFinite(Half.of(-1e30f))).isFalse();
    assertThat(Half.isFinite(Half.of(Float.NaN))).isFalse();
    assertThat(Half.of(-0f)).isEqualTo((short) 0x8000);
  }
}
