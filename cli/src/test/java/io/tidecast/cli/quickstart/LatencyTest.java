package io.tidecast.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyTest {
  @Test
  void shouldRankWhateverTheOrder() {
    long[] downwards = LongStream.rangeClosed(1, 1000).map(i -> 1001 - i).toArray();

    assertThat(Latency.of(downwards)).isEqualTo(new Latency(500, 990));
    assertThat(downwards[0]).isEqualTo(1000);
  }

  @Test
  void shouldTakeASingleOne() {
    assertThat(Latency.of(new long[] {7})).isEqualTo(new Latency(7, 7));
  }

  @Test
  void shouldRefuseNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> Latency.of(new long[0]));
  }
}
