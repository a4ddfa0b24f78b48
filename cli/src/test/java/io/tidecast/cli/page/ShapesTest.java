package io.tidecast.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.page.kept.Breach;
import io.tidecast.page.kept.KeptLimits;
import io.tidecast.page.kept.PageStore;
import io.tidecast.schemas.Anomaly;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ShapesTest {

  private static final Instant TIME = Instant.parse("2026-03-27T23:00:00Z");

  private static Anomaly anomaly(
      String kind, String direction, double value, double score, boolean withdrawn) {
    return new Anomaly(
        "a", "load", TIME, kind, direction, value, 4.5, 4.0, 6.5, 0.998, score, 1, 1, TIME, null,
        null, TIME, 1, "m", "7", withdrawn);
  }

  /** The direction of a record that takes back is that of the corrected value. */
  @Test
  void shouldTakeBackWhatACorrectionMovesToTheOtherSide() {
    PageStore store = new PageStore(KeptLimits.USUAL);
    store.add(Shapes.breach(anomaly("anomaly", "above", 8.5, 2, false)));
    store.add(Shapes.breach(anomaly("anomaly", "below", 4.25, 0.5, true)));

    assertThat(store.look("a", null, 0).breaches())
        .singleElement()
        .satisfies(breach -> assertThat(breach.withdrawn()).isTrue());
  }

  @Test
  void shouldSayKindsInWordsForPeople() {
    Breach shift = Shapes.breach(anomaly("level-shift", "below", 1, 0.75, false));

    assertThat(shift.kind()).isEqualTo("level shift");
    assertThat(shift.direction()).isEqualTo("below");
  }
}
