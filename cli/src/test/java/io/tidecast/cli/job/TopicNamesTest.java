package io.tidecast.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.resource.PatternType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '&',
      value = {
        // What it is, and which names are told by it.
        "meters & meters",
        "^meters$ & meters",
        "meters\\.north & meters.north",
        "meters-.* & meters-…",
        "meters\\.[a-z]+ & meters.…",
        "meters.raw & meters…",
        "plants? & plant…",
        "plant+ & plant…",
        "plant{2} & plan…",
        "a-.*|b-.* & a-… b-…",
        "a-.*|a-.* & a-…",
        "north|south & north south",
        "(north|south)-.* & *",
        "[ab]-.* & *",
        "a[|]b|c & a… c",
        "a[(]b|c & a… c",
        "a\\|b & a|b",
        ".* & *",
        "a.*|.* & *",
        "(?i)meters & *",
        "\\Qa|b\\E & *",
        "\\d+ & *"
      })
  void shouldTellTheNarrowestNames(String regex, String expected) {
    var unused = Pattern.compile(regex);
    assertThat(
            TopicNames.of(regex).stream()
                .map(names -> names.name() + (names.pattern() == PatternType.PREFIXED ? "…" : ""))
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }
}
