package io.tidecast.flink.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobYamlTest {

  /** What follows {@code a:}, and what is said. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "*hunter2 ~ a value that begins with * needs quotes at line 1, column 4",
        "!hunter2 ~ a value that begins with ! needs quotes at line 1, column 4",
        "!hun!ter2 x ~ a value that begins with ! needs quotes at line 1, column 4",
        "!<hunter2> x ~ a value that begins with ! needs quotes at line 1, column 4",
        "!!hunter2 x ~ a value that begins with ! needs quotes at line 1, column 4",
        "@hunter2 ~ a value that begins with @, % or ` needs quotes at line 1, column 4",
        "%hunter2 ~ a value that begins with @, % or ` needs quotes at line 1, column 4",
        "{b: ${hunter2}} ~ ${...} within braces or brackets needs quotes at line 1, column 9",
        "[x, ${hunter2}] ~ ${...} within braces or brackets needs quotes at line 1, column 9",
        "|hunter2 ~ a character does not belong where it is at line 1, column 5",
        "\"ter\\hunter2\" ~ a character does not belong where it is at line 1, column 9",
        "\"\\xhunter2\" ~ a character does not belong where it is at line 1, column 7",
        "\"hunter2 ~ found unexpected end of stream at line 1, column 12",
        "hunter2: x ~ mapping values are not allowed here at line 1, column 11",
        "[hunter2 ~ expected ',' or ']', but got <stream end> at line 1, column 12",
        "[::1]:9092 ~ expected the node content, but found ':' at line 1, column 5",
        "'hun'ter2 ~ expected <block end>, but found '<scalar>' at line 1, column 9",
      })
  void shouldSayWhereAndWhyAndNotWhat(String value, String sentence) {
    assertThatThrownBy(() -> JobYaml.read("a: " + value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be YAML: " + sentence);
  }

  @Test
  void shouldSayWhyAFileIsNoneInAllItsLines() {
    assertThatThrownBy(() -> JobYaml.read("hunter2: 1\nhunter2: 2"))
        .hasMessage("must be YAML: a key is given twice in one map at line 2, column 1");
    assertThatThrownBy(() -> JobYaml.read("a:\n\thunter2: 1"))
        .hasMessage(
            "must be YAML: a line is indented with tabs instead of spaces at line 2, column 1");
    assertThatThrownBy(() -> JobYaml.read("a: 1\n---\nhunter2: 2"))
        .hasMessage("must be YAML: a file holds one document at line 2, column 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: !!int hunter2",
        "a: !!float hunter2",
        "a: !!map hunter2",
        "a: !!seq hunter2",
        "a: \u0001hunter2"
      })
  void shouldRefuseWhatItCannotPlace(String yaml) {
    assertThatThrownBy(() -> JobYaml.read(yaml))
        .hasMessage("must be YAML of plain maps, lists and values");
  }

  @Test
  void shouldRefuseWhatIsNestedTooDeep() {
    assertThatThrownBy(() -> JobYaml.read("a: " + "[".repeat(100_000)))
        .hasMessage("must be YAML of plain maps, lists and values");
  }

  @Test
  void shouldReadWhatIsWritten() {
    assertThat(JobYaml.read("a: [1, b, \"2\", true]").toString()).isEqualTo("{a=[1, b, 2, true]}");
    assertThat(JobYaml.read("a: {b: 1.5}")).isEqualTo(Map.of("a", Map.of("b", 1.5)));
    assertThat(JobYaml.read("# nothing")).isNull();
  }

  @Test
  void shouldKnowWhatTextWouldBeWithoutQuotes() {
    assertThat(JobYaml.unquoted("12")).isEqualTo(12);
    assertThat(JobYaml.unquoted("-1.5")).isEqualTo(-1.5);
    assertThat(JobYaml.unquoted("true")).isEqualTo(true);
    assertThat(JobYaml.unquoted("12 h")).isEqualTo("12 h");
    assertThat(JobYaml.unquoted("*x")).isEqualTo("*x");
    assertThat(JobYaml.unquoted("[a")).isEqualTo("[a");
    assertThat(JobYaml.unquoted("")).isEqualTo("");
    assertThat(JobYaml.staysText("12")).isFalse();
    assertThat(JobYaml.staysText("no")).isTrue();
  }
}
