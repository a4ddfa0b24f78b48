package io.tidecast.flink.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.hindsight.HindsightSetup;
import io.tidecast.flink.hindsight.TargetChannels;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.mixture.MixturePlan;
import io.tidecast.runtime.mixture.Naive;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of a series whose forecasts are mixed, which are in savepoints. */
class MixedForecastsTest {

  private static final Issuer MODEL =
      new Issuer("m", "7", 1, new String[0], new double[0], "default");

  private static final MixtureSetup SETUP =
      new MixtureSetup(
          new MixturePlan(
              2,
              List.of(Naive.season("seasonal-naive-3s", 3), Naive.last("repeat-last")),
              new double[] {.1, .5, .9},
              0),
          true,
          List.of("second"),
          new int[] {0},
          true,
          new int[0],
          new HindsightSetup(
              GridStep.fixed(Duration.ofSeconds(1)), null, new TargetChannels(List.of(), 1)));

  private static IssuedForecast forecast(long cell, ForecastRole role) {
    float[] points = {cell, cell + 1};
    return new IssuedForecast(
        "a",
        cell * 1_000,
        5,
        role == ForecastRole.PRIMARY
            ? MODEL
            : new Issuer("n", "1", 1, new String[0], new double[0], "second"),
        new double[0],
        points,
        new float[0],
        0,
        false,
        0,
        2,
        null,
        role);
  }

  /** Of forty cells and forecasts, and of a member and a primary that wait for the next one. */
  private static MixedForecasts series() {
    MixedForecasts series = new MixedForecasts(SETUP);
    ForecastMixer mixer = new ForecastMixer(SETUP);
    for (long cell = 0; cell < 40; cell++) {
      series.close(cell, new double[] {cell % 3 + cell % 5 / 8.0});
      IssuedForecast mixed =
          mixer.mix(series, List.of(forecast(cell, ForecastRole.PRIMARY))).forecast();
      assertThat(mixed.points()).hasSize(2);
    }
    series.hold(new MixedForecasts.Held(40_000, forecast(40, ForecastRole.MEMBER)));
    series.hold(new MixedForecasts.Held(40_000, forecast(40, ForecastRole.PRIMARY)));
    return series;
  }

  @Test
  void shouldWriteAndReadTheKeptBytes() throws IOException {
    assertThat(series().bytes()).isEqualTo(kept());
    MixedForecasts read = MixedForecasts.read(SETUP, kept());
    assertThat(read.bytes()).isEqualTo(kept());
    assertThat(read.newestOrigin()).isEqualTo(39);
    assertThat(read.target(0).newest()).isEqualTo(39);
    assertThat(read.target(0).weights()[3]).isLessThan(.4);
    assertThat(read.firstPrimary().forecast().role()).isEqualTo(ForecastRole.PRIMARY);
    assertThat(read.takeFirst())
        .extracting(IssuedForecast::role)
        .containsExactly(ForecastRole.MEMBER, ForecastRole.PRIMARY);
    assertThat(read.isHolding()).isFalse();
  }

  /** Its targets have eight bytes less each, of the unrest, which is learned anew. */
  @Test
  void shouldReadTheBytesOfTheFirstVersion() throws IOException {
    byte[] first = kept(1);
    MixedForecasts read = MixedForecasts.read(SETUP, first);
    assertThat(first).hasSize(kept().length - Double.BYTES);
    assertThat(read.bytes()).hasSameSizeAs(kept()).startsWith(kept()[0]);
    assertThat(read.newestOrigin()).isEqualTo(39);
    assertThat(read.target(0).weights())
        .isEqualTo(MixedForecasts.read(SETUP, kept()).target(0).weights());
    assertThat(read.takeFirst()).hasSize(2);
  }

  @Test
  void shouldLeaveOutWhatAnotherMixtureLearned() throws IOException {
    MixtureSetup other =
        new MixtureSetup(
            new MixturePlan(2, List.of(Naive.last("repeat-last")), new double[] {.1, .5, .9}, 0),
            true,
            List.of("second"),
            new int[] {0},
            true,
            new int[0],
            SETUP.hindsight());
    MixedForecasts read = MixedForecasts.read(other, kept());
    assertThat(read.target(0).weights()).containsOnly(1 / 3.0);
    assertThat(read.takeFirst()).hasSize(2);
  }

  @Test
  void shouldRefuseBytesThatAreNone() throws IOException {
    byte[] later = kept();
    later[0] = 3;
    assertThatThrownBy(() -> MixedForecasts.read(SETUP, later))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be of version 1 to 2;")
        .hasMessageContaining("version=3");
    byte[] half = Arrays.copyOf(kept(), kept().length / 2);
    assertThatThrownBy(() -> MixedForecasts.read(SETUP, half))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("their bytes end early");
  }

  private static byte[] kept() throws IOException {
    return kept(2);
  }

  private static byte[] kept(int version) throws IOException {
    String name = "series-mixture-" + version + ".bin";
    try (InputStream in = MixedForecastsTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
