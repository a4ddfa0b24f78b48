package io.tidecast.flink.format.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvLineTest {

  /** Quotes written as apostrophes; the fields, one by one in brackets. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a,b,c                | [a][b][c]",
        "`a, b , c `          | [a][b][c]",
        "a,,                  | [a][][]",
        "``                   | []",
        "`  `                 | []",
        "'a,b','c''d'         | [a,b][c'd]",
        "`'  a ' , 'b'  `     | [  a ][b]",
        "'',x                 | [][x]",
        "a'b',c               | [a'b'][c]",
        "Ωmega,zürich         | [Ωmega][zürich]",
      })
  void shouldTakeTheFieldsApart(String line, String fields) throws RefusedException {
    StringBuilder found = new StringBuilder();
    CsvLine.fields(quoted(line)).forEach(field -> found.append('[').append(field).append(']'));
    assertThat(found.toString()).isEqualTo(fields.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a,'b     | a quote is not closed",
        "a,'b''   | a quote is not closed",
        "'a'b,c   | text follows a closed quote, column 4",
      })
  void shouldRefuse(String line, String why) {
    assertThatThrownBy(() -> CsvLine.fields(quoted(line)))
        .isInstanceOf(RefusedException.class)
        .hasMessage("line must be one of CSV: " + why);
  }

  @Test
  void shouldRefuseWhatIsNoText() {
    assertThatThrownBy(() -> CsvLine.fields(new byte[] {'a', ',', (byte) 0xFF}))
        .hasMessage("line must be one of CSV: it is not UTF-8");
    assertThatThrownBy(() -> CsvLine.fields(new byte[CsvLine.MAX_BYTES + 1]))
        .hasMessage("line must be one of CSV: it has more than 1048576 bytes");
  }

  @Test
  void shouldFindFieldsByTheNamesOfTheColumns() throws RefusedException {
    CsvTree tree = new CsvTree(List.of("time", "a.b", "c"));
    Object root = tree.decode("7,,x".getBytes(StandardCharsets.UTF_8));
    assertThat(child(tree, root, "time")).isEqualTo("7");
    assertThat(child(tree, root, "a\\.b")).as("empty").isNull();
    assertThat(child(tree, root, "d")).isSameAs(RecordTree.NO_PARENT);
    assertThatThrownBy(() -> tree.decode("7,x".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("line must have the 3 columns of the first line: columns=2");
  }

  private static Object child(CsvTree tree, Object root, String path) {
    return tree.child(root, FieldPath.parse(path).steps().get(0));
  }

  private static byte[] quoted(String line) {
    return line.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
