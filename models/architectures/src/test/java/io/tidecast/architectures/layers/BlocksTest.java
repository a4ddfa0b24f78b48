package io.tidecast.architectures.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.architectures.ParityCase;
import io.tidecast.architectures.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlocksTest {
  private static final double TOLERANCE = 1e-6;

  /** The table is in official checkpoints, though nothing learns it; here it is computed. */
  @Test
  void shouldTellPositionsApartAsOfficialTablesDo() {
    List<Tensor> tables =
        ParityCase.all().stream()
            .flatMap(parity -> parity.weights().entrySet().stream())
            .filter(weight -> weight.getKey().endsWith("position_embedding.pe"))
            .map(weight -> weight.getValue())
            .toList();
    assertThat(tables).isNotEmpty();
    for (Tensor table : tables) {
      int length = (int) table.shape()[1];
      int width = (int) table.shape()[2];
      float[] computed = Blocks.positionTable(length, width);
      double difference = 0;
      for (int i = 0; i < computed.length; i++) {
        difference = Math.max(difference, Math.abs(computed[i] - table.floats()[i]));
      }
      assertThat(difference).isLessThan(TOLERANCE);
    }
  }
}
