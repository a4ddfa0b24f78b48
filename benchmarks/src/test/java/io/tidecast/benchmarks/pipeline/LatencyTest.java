package io.tidecast.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyTest {

  @Test
  void shouldTakePercentilesByNearestRankWhateverTheOrder() {
    Latency latency = Latency.of(LongStream.rangeClosed(1, 200).map(n -> (201 - n) * 1_000_000));

    assertThat(latency).isEqualTo(new Latency(200, 100, 198, 200));
  }

  @Test
  void shouldRefuseToTellOfNothing() {
    assertThatThrownBy(() -> Latency.of(LongStream.empty()))
        .hasMessageContaining("a forecast that was timed");
  }
}
