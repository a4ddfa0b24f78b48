package io.tidecast.runtime.onnx.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementTest {

  private static final Device CUDA = Device.parse("cuda:0");

  @Test
  void shouldSayThatAModelRunsOnTheProcessor() {
    assertThat(Placement.PROCESSOR.sentence()).isEqualTo("the model runs on the processor");
    assertThat(Placement.PROCESSOR.fellBack()).isFalse();
  }

  @Test
  void shouldSayThatItRunsThereForWantOfAGpu() {
    Placement placement = new Placement(CUDA, Device.PROCESSOR, Map.of());

    assertThat(placement.fellBack()).isTrue();
    assertThat(placement.nodesOnProcessor()).isZero();
    assertThat(placement.sentence())
        .isEqualTo("the model runs on the processor, for cuda:0 can't be used");
  }

  @Test
  void shouldSayWhichProviderRunsHowManyNodes() {
    Placement placement =
        new Placement(CUDA, CUDA, Map.of("CUDAExecutionProvider", 120, "CPUExecutionProvider", 3));

    assertThat(placement.fellBack()).isFalse();
    assertThat(placement.nodesOnProcessor()).isEqualTo(3);
    assertThat(placement.sentence()).isEqualTo("the model runs on cuda:0 (nodes: 3 CPU, 120 CUDA)");
    assertThat(new Placement(CUDA, CUDA, Map.of()).sentence())
        .isEqualTo("the model runs on cuda:0");
  }
}
