package io.tidecast.flink.format.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidecast.flink.format.field.FieldPath.Place;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldPathTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a             | a",
        "a.b.c         | a b c",
        "a[0]          | a [0]",
        "a[10][2].b    | a [10] [2] b",
        "[3].a         | [3] a",
        "a\\.b.c       | a.b c",
        "a\\[0]        | a[0]",
        "\\$key        | $key",
        "a\\\\.b       | a\\ b",
        "a b.ü]        | a b ü]",
        "0.1           | 0 1",
        "$each.value[0] | [0]",
        "$each.value.a | a",
      })
  void shouldReadEveryStep(String text, String steps) {
    FieldPath path = FieldPath.parse(text);

    assertThat(path.place()).isEqualTo(Place.VALUE);
    assertThat(path.steps().stream().map(Object::toString).collect(Collectors.joining(" ")))
        .isEqualTo(steps);
    assertThat(path).hasToString(text);
  }

  @Test
  void shouldKnowWhatKafkaKeepsBesideTheValue() {
    assertThat(FieldPath.parse("$key").place()).isEqualTo(Place.KEY);
    assertThat(FieldPath.parse("$timestamp").place()).isEqualTo(Place.TIMESTAMP);
    assertThat(FieldPath.parse("$topic").place()).isEqualTo(Place.TOPIC);
    FieldPath header = FieldPath.parse("$header.trace.id[0]");
    assertThat(header.place()).isEqualTo(Place.HEADER);
    assertThat(header.headerName()).isEqualTo("trace.id[0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a.[0]",
        "a[",
        "a[]",
        "a[-1]",
        "a[x]",
        "a[0]b",
        "a[1",
        "[]",
        "a[1234567890]",
        "a\\",
        "$",
        "$key.",
        "$.",
        "$each",
        "$each.name",
        "^.[0]",
        "a[=b]",
        "a[key]",
        "a[*]",
        "a ||",
        "|| a",
        "$keys",
        "$header",
        "$header.",
        "$offset"
      })
  void shouldRefuseWhatIsNoPath(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FieldPath.parse(text))
        .withMessageEndingWith(": " + text);
  }
}
