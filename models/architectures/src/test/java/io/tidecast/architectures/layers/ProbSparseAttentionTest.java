package io.tidecast.architectures.layers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import io.tidecast.architectures.onnx.OnnxOps;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbSparseAttentionTest {

  @Test
  void shouldRefuseASampleOfKeysThatThereAreNot() {
    long[] sample = new long[8 * 3];
    Arrays.fill(sample, 8);
    OnnxOps ops = OnnxOps.of(Map.of("sample_enc0", Tensor.of(sample, 8, 3)));
    OnnxOps.Value x = ops.input("x", -1, 8, 4);
    Blocks.Mixer<OnnxOps.Value> attention =
        new ProbSparseAttention<>(ops, 8, 1, 4, 2, false, false, "enc0");
    assertThatThrownBy(() -> attention.of(x, x, x))
        .isInstanceOf(WeightsException.class)
        .hasMessage("sample_enc0 must hold keys 0 to 7, found 8");
  }
}
