package io.tidecast.flink.hindsight;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.grid.Cadence;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class HindsightSetupTest {

  private static final int WINDOWS = 256;

  private static int mostWaiting(int channels, Duration step, Cadence cadence, boolean inMemory) {
    SeriesSettings series =
        SeriesSettings.builder(GridStep.fixed(step)).channels(channels).cadence(cadence).build();
    return HindsightSetup.of(series, List.of(), WINDOWS).mostWaiting(inMemory);
  }

  private static Cadence every(int cells) {
    return new Cadence(cells, List.of(), ZoneOffset.UTC);
  }

  /** Also where there are forecasts on request alone, and whatever a cell takes. */
  @Test
  void shouldLetSomeThousandCellsWaitInAnyCase() {
    for (boolean inMemory : new boolean[] {false, true}) {
      Duration hour = Duration.ofHours(1);
      assertThat(mostWaiting(1, hour, every(1), inMemory)).isEqualTo(4_096);
      assertThat(mostWaiting(1, hour, every(Cadence.NEVER), inMemory)).isEqualTo(4_096);
      assertThat(mostWaiting(10_000, hour, every(24), inMemory)).isEqualTo(4_096);
    }
    assertThat(
            new HindsightSetup(GridStep.fixed(Duration.ofHours(1)), null, one()).mostWaiting(true))
        .isEqualTo(4_096);
  }

  private static TargetChannels one() {
    return new TargetChannels(List.of(), 1);
  }

  @Test
  void shouldLetAllCellsWaitThatMayBeUnderWay() {
    Duration hour = Duration.ofHours(1);
    Cadence daily = new Cadence(Cadence.NEVER, List.of(LocalTime.of(6, 0)), ZoneOffset.UTC);
    assertThat(mostWaiting(1, hour, every(24), false)).isEqualTo(2 * WINDOWS * 24);
    assertThat(mostWaiting(1, hour, daily, false)).isGreaterThanOrEqualTo(2 * WINDOWS * 24);
    assertThat(mostWaiting(1, Duration.ofMinutes(1), daily, true))
        .as("of one series")
        .isGreaterThan(WINDOWS * 24 * 60);
  }

  /** 16 bytes, and 8 of each channel. */
  @Test
  void shouldLetNoMoreWaitThanThereIsRoomFor() {
    Cadence rare = every(100_000);
    assertThat(mostWaiting(1, Duration.ofSeconds(1), rare, true)).isEqualTo((16 << 20) / 24);
    assertThat(mostWaiting(8, Duration.ofSeconds(1), rare, true)).isEqualTo((16 << 20) / 80);
    assertThat(mostWaiting(1, Duration.ofSeconds(1), rare, false)).isEqualTo((1 << 20) / 24);
  }
}
