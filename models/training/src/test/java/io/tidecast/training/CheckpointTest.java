package io.tidecast.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.weights.SafeTensors;
import io.tidecast.evaluation.data.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  private static final String IDENTITY = "the training";
  private static final Map<String, Tensor> WEIGHTS = Map.of("w", Tensor.of(new float[] {7}, 1));

  @TempDir private Path folder;

  @Test
  void shouldStandWhereItWasWritten() throws IOException {
    new Checkpoint(3, 2, 0.5, 61, WEIGHTS, Map.of(), Map.of()).write(folder, IDENTITY);

    Checkpoint read = Checkpoint.read(folder, IDENTITY).orElseThrow();

    assertThat(read.epochs()).isEqualTo(3);
    assertThat(read.bestEpoch()).isEqualTo(2);
    assertThat(read.bestLoss()).isEqualTo(0.5);
    assertThat(read.seconds()).isEqualTo(61);
    assertThat(read.weights().get("w").floats()).containsExactly(7);
  }

  @Test
  void shouldBeBeatenByAnyLossBeforeTheFirstEpoch() {
    assertThat(Checkpoint.START.epochs()).isZero();
    assertThat(Double.MAX_VALUE).isLessThan(Checkpoint.START.bestLoss());
  }

  @Test
  void shouldNameThePartThatAFileLacks() throws IOException {
    new Checkpoint(3, 2, 0.5, 61, WEIGHTS, Map.of(), Map.of()).write(folder, IDENTITY);
    Path file = folder.resolve("checkpoint.safetensors");
    Map<String, Tensor> tensors = new HashMap<>(SafeTensors.read(file));
    tensors.remove("bestEpoch");
    SafeTensors.write(file, tensors);

    assertThatThrownBy(() -> Checkpoint.read(folder, IDENTITY))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("checkpoint.safetensors: must hold bestEpoch");
  }
}
