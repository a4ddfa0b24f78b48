package io.tidecast.benchmarks.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class SteadySeriesTest {

  @Test
  void shouldCountWhatComesAfterAContextThatWasFilled() {
    SteadySeries filled = new SteadySeries(96, 336, 48, 288, 300);

    assertThat(filled.observations()).isEqualTo(96 * 12);
    // Two series of each of the twelve phases whose first forecast is due by then.
    assertThat(filled.forecasts()).isEqualTo(2 * 12);
  }

  @Test
  void shouldCountSeriesFromTheirBeginning() {
    SteadySeries whole = new SteadySeries(2, 4, 2, -2, 8);

    // One from cell 0, one from the cell before; forecasts at 3, 5, 7 and at 2, 4, 6.
    assertThat(whole.observations()).isEqualTo(8 + 9);
    assertThat(whole.forecasts()).isEqualTo(3 + 3);
  }

  @Test
  void shouldNotBeginAfterAForecast() {
    assertThatThrownBy(() -> new SteadySeries(96, 336, 48, 289, 300))
        .hasMessage("from must come before every forecast: from=289");
  }

  @Test
  void shouldNameEverySeriesAnotherWay() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 200_000; i++) {
      names.add(SteadySeries.scattered(i));
    }

    assertThat(names).hasSize(200_000);
  }

  @Test
  void shouldHaveReadingsThatHardlyCompress() {
    ByteBuffer context = ByteBuffer.allocate(336 * Float.BYTES);
    for (int cell = 0; cell < 336; cell++) {
      context.putFloat((float) SteadySeries.reading(7, cell));
    }
    Deflater deflater = new Deflater();
    deflater.setInput(context.array());
    deflater.finish();

    assertThat(deflater.deflate(new byte[2 * context.capacity()]))
        .isGreaterThan(context.capacity() * 3 / 4);
  }
}
