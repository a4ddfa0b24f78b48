package io.tidecast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.postgres.rows.CopyText;
import io.tidecast.postgres.rows.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How rows are spelled, and which of two is kept. */
class RowsTest {

  private static final Instant EARLY = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant LATE = Instant.parse("2026-03-02T00:00:00Z");

  @Test
  void shouldSpellRowsAsCopyReadsThem() {
    byte[] line =
        new CopyText()
            .line(
                new Object[] {
                  "a\tb\\c\nd\re",
                  null,
                  1.5,
                  7,
                  true,
                  EARLY,
                  new double[] {},
                  new double[] {0.1, -2}
                });
    assertThat(new String(line, StandardCharsets.UTF_8))
        .isEqualTo("a\\tb\\\\c\\nd\\re\t\\N\t1.5\t7\ttrue\t2026-03-01T00:00:00Z\t{}\t{0.1,-2.0}\n");
  }

  @Test
  void shouldKeepTheCorrectionOfACell() {
    Object[] first = {"a", "t", EARLY, 1.0, false};
    Object[] corrected = {"a", "t", EARLY, 2.0, true};
    Object[] again = {"a", "t", EARLY, 3.0, true};

    assertThat(Table.OBSERVATIONS.merged(first, corrected)).isSameAs(corrected);
    assertThat(Table.OBSERVATIONS.merged(corrected, first)).isSameAs(corrected);
    assertThat(Table.OBSERVATIONS.merged(corrected, again)).isSameAs(again);
    assertThat(Table.OBSERVATIONS.key(first)).containsExactly("a", "t", EARLY);
  }

  @Test
  void shouldKeepTheFirstTimeAndTheNewestStateOfAModel() {
    Object[] seen = {"m", "1", EARLY, null, null, null, null, null};
    Object[] ready = {"m", "1", LATE, "ready", LATE, "default", "p", "sum"};
    Object[] early = {"m", "1", EARLY, "switched", EARLY, "default", null, null};
    Object[] expected = {"m", "1", EARLY, "ready", LATE, "default", "p", "sum"};

    assertThat(Table.MODELS.merged(seen, ready)).isEqualTo(expected);
    assertThat(Table.MODELS.merged(ready, seen)).isEqualTo(expected);
    assertThat(Table.MODELS.merged(ready, early)).isEqualTo(expected);
    assertThat(Table.MODELS.merged(early, ready)).isEqualTo(expected);
  }
}
