package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrafanaSqlTest {
  private final GrafanaSql sql =
      new GrafanaSql(
          Instant.parse("2026-03-01T00:00:00Z"),
          Instant.parse("2026-03-02T00:00:00Z"),
          Map.of(
              "series",
              List.of("Bob's"),
              "lead",
              List.of("4"),
              "model",
              List.of("a@1", "b$@2"),
              "none",
              List.of()));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "select 1|select 1",
        "where series = ${series:sqlstring}|where series = 'Bob''s'",
        "where m in (${model:sqlstring})|where m in ('a@1','b$@2')",
        "where m = any(array[${none:sqlstring}]::text[])|where m = any(array[]::text[])",
        "where lead = $lead and 1=1|where lead = 4 and 1=1",
        "where $__timeFilter(f.time)|where f.time BETWEEN '2026-03-01T00:00:00Z' AND '2026-03-02T00:00:00Z'"
      })
  void shouldPutInWhatGrafanaDoes(String query, String expected) {
    assertThat(sql.in(query)).isEqualTo(expected);
  }

  /** It doubles single quotes, and puts a backslash before double ones and before nothing else. */
  @Test
  void shouldQuoteAsGrafanaDoes() {
    GrafanaSql quoting =
        new GrafanaSql(
            sql.from(),
            sql.to(),
            Map.of("name", List.of("a\"b", "a\\\"b", "a\\b", "Bob's", "'\"")));
    assertThat(quoting.in("${name:sqlstring}"))
        .isEqualTo(
            """
            'a\\"b','a\\\\"b','a\\b','Bob''s','''\\"'""");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "where series = $series",
        "where series = ${series}",
        "where series = ${serie:sqlstring}",
        "where lead = $leads",
        "where $__timeFiltre(time)",
        "where $__timeGroup(time, '1h')",
        "where ${__from:date}",
        "where $"
      })
  void shouldRefuseWhatItDoesNotKnow(String query) {
    assertThatThrownBy(() -> sql.in(query)).isInstanceOf(AssertionError.class);
  }
}
