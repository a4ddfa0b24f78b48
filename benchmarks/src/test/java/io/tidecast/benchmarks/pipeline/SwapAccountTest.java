package io.tidecast.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.schemas.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwapAccountTest {

  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  /** Two series, of which each has five observations and three forecasts before the feed begins. */
  private static final Workload WORKLOAD =
      new Workload(new ForecasterSpec("m", "1", 3, 1, 1, List.of()), Duration.ofMinutes(1), 2, 3);

  /** Six of them are there at first; the feed sends the places from 10 to 17. */
  private static final int SENT = 8;

  /** Its command is sent with place 13, and it answers from place 14 on. */
  private static final Swap SWAP =
      new Swap(
          "m/2",
          WorkloadRecords.at(WORKLOAD, 14).toEpochMilli(),
          second(13),
          second(14),
          second(14) + MILLI);

  private final SwapLedger ledger = new SwapLedger(WORKLOAD);

  @Test
  void shouldTellForecastsOfSwapsFromOthers() {
    forecastAll();

    SwapAccount account = account();

    assertThat(account.problems()).isEmpty();
    assertThat(account.expected()).isEqualTo(14);
    assertThat(account.byVersion()).isEqualTo(Map.of("m/1", 10L, "m/2", 4L));
    // Places 10 to 12, 15, 16 and 17 are quiet: a swap is over a second after its switch.
    assertThat(account.quiet()).isEqualTo(new Latency(6, 5, 5, 5));
    assertThat(account.swapping()).isEqualTo(new Latency(2, 15, 15, 15));
    assertThat(account.p99Ratio()).isEqualTo(3);
  }

  @Test
  void shouldNotTimeWhatWasAcceptedBefore() {
    forecastAll();

    assertThat(SwapAccount.of(asked(second(12)), ledger).quiet().count()).isEqualTo(4);
  }

  @Test
  void shouldMissAForecast() {
    for (int place = 4; place < 17; place++) {
      forecast(place, versionOf(place), false);
    }

    assertThat(account().problems())
        .containsExactly("no forecast may be lost: expected=14 found=13");
  }

  @Test
  void shouldNoticeOneThatComesTwiceWhoeverMadeIt() {
    forecastAll();
    forecast(13, "2", false);

    assertThat(account().problems()).containsExactly("no forecast may come twice: doubled=1");
  }

  @Test
  void shouldNoticeTheBaselines() {
    for (int place = 4; place < 18; place++) {
      forecast(place, versionOf(place), place == 9);
    }

    assertThat(account().problems())
        .containsExactly("no forecast may be the baseline's: fallbacks=1");
  }

  @Test
  void shouldNoticeAnotherVersionThanTheEventsSay() {
    for (int place = 4; place < 18; place++) {
      forecast(place, place == 15 ? "1" : versionOf(place), false);
    }

    assertThat(account().problems())
        .singleElement()
        .asString()
        .startsWith("each forecast must be of the version")
        .endsWith("others=1");
  }

  private void forecastAll() {
    for (int place = 4; place < 18; place++) {
      forecast(place, versionOf(place), false);
    }
  }

  private static String versionOf(int place) {
    return place < 14 ? "1" : "2";
  }

  /** Those of the swap take 15 ms, others 5 ms. */
  private void forecast(int place, String version, boolean fallback) {
    Instant origin = WorkloadRecords.at(WORKLOAD, place);
    long took = (place == 13 || place == 14 ? 15 : 5) * MILLI;
    ledger.add(
        new Forecast(
            WorkloadRecords.name(place % WORKLOAD.series()),
            origin,
            origin,
            60_000L,
            1,
            "m",
            version,
            1,
            List.of(),
            List.of(1.0),
            List.of(),
            List.of(),
            0,
            fallback,
            0,
            "primary",
            null),
        second(place) + took);
  }

  private SwapAccount account() {
    return SwapAccount.of(asked(second(10)), ledger);
  }

  private static SwapAccount.Asked asked(long quietFrom) {
    Times accepted = new Times();
    for (int place = 10; place < 10 + SENT; place++) {
      accepted.put(place, second(place));
    }
    return new SwapAccount.Asked(WORKLOAD, SENT, accepted, "m/1", quietFrom, List.of(SWAP));
  }

  /** One observation is accepted a second. */
  private static long second(int place) {
    return place * SECOND;
  }
}
