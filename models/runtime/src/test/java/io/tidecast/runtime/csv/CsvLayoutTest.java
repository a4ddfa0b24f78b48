package io.tidecast.runtime.csv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.text.MissingWords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvLayoutTest {

  private static final CsvOptions NONE = CsvOptions.none(CsvOptions.Keys.OF_JOB);

  @TempDir private Path folder;

  /** Line ends are written as $, tabs as ~, quotes as apostrophes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "t,v$1,2$3,4$ ! [1, 2][3, 4]",
        "t;v$1;2$3;4 ! [1, 2][3, 4]",
        "t~v$1~2$3~4 ! [1, 2][3, 4]",
        "t|v$1|2$3|4 ! [1, 2][3, 4]",
        "t    v$1    2$10   4 ! [1, 2][10, 4]",
        "  t  v$  1  2$ 10  4 ! [1, 2][10, 4]",
        "made by,x$on;2024$$t;v$1;2 ! [1, 2]",
        "sep=;$t;v$1;2 ! [1, 2]",
        "# made by us$# at noon$t,v$1,2$# a break$3,4 ! [1, 2][3, 4]",
        "#t,v$1,2 ! [1, 2]",
        "# t v$1 2 ! [1, 2]",
        "t,v$[s],[kW]$1,2 ! [1, 2]",
        "t,v$[s],[kW]$,average$1,2 ! [1, 2]",
        "t,v,$1,2,$3,4$5,6,, ! [1, 2][3, 4][5, 6]",
        "t,v$1,2$,$$ , $3,4 ! [1, 2][3, 4]",
        "'t','v'$'1','2'$'a''b','c,d' ! [1, 2][a'b, c,d]",
        "'t';'v'$'1';'2$3' ! [1, 2^3]",
        "x,x,t,v$0,0,1,2 ! [0, 0, 1, 2]",
        "t,v$1,'2$3,4$5,6 ! {1,'2}[3, 4][5, 6]",
        "t,v$1,'2$3,'4'$5,6 ! {1,'2}[3, 4][5, 6]",
        "t,v$1$3,4,5$6,7 ! {1}{3,4,5}[6, 7]",
        "t,v$1,2$Total;;3 ! [1, 2]{Total;;3}"
      })
  void shouldFindTheLineOfNamesAndReadWhatIsUnderIt(String file, String records)
      throws IOException, CsvException {
    for (String end : List.of("\n", "\r\n", "\r")) {
      String text = file.replace("$", end).replace('~', '\t').replace('\'', '"');
      assertThat(read(write("a.csv", text.getBytes(UTF_8)), NONE))
          .isEqualTo(records.replace('\'', '"').replace("^", end));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void shouldReadWhatHasAByteOrderMark(String charset) throws IOException, CsvException {
    byte[] bytes = "\uFEFFt;v\r\n1;Zürich\r\n\r\n\u4E01;4\r\n".getBytes(Charset.forName(charset));
    assertThat(read(write("a.csv", bytes), NONE)).isEqualTo("[1, Zürich][\u4E01, 4]");
    assertThat(read(write("a.csv.gz", gzip(bytes)), NONE)).isEqualTo("[1, Zürich][\u4E01, 4]");
  }

  @Test
  void shouldTellUtf16WithoutAMarkByItsZeros() throws IOException, CsvException {
    String text = "t\tv\n1\t\u4E2D\n\u4E0A\t4";
    for (Charset charset : List.of(UTF_16LE, UTF_16BE)) {
      Path file = write("a.csv", text.getBytes(charset));
      assertThat(read(file, NONE)).isEqualTo("[1, \u4E2D][\u4E0A, 4]");
      assertThat(read(file, encoding("utf-16"))).isEqualTo("[1, \u4E2D][\u4E0A, 4]");
      assertThat(read(file, encoding(charset.name()))).isEqualTo("[1, \u4E2D][\u4E0A, 4]");
    }
    assertThatThrownBy(() -> read(write("a.csv", new byte[] {'t', ',', 0, 0, 1, 'v'}), NONE))
        .hasMessageContaining("zero bytes");
  }

  @Test
  void shouldReadOtherEncodingsAsTheyAreDeclared() throws IOException, CsvException {
    byte[] western = "t,v,site\n1,2,Z\u00FCrich \u20AC\n".getBytes(Charset.forName("windows-1252"));
    assertThat(read(write("a.csv", western), encoding("windows-1252")))
        .isEqualTo("[1, 2, Z\u00FCrich \u20AC]");
    byte[] japanese = "t,v,site\n1,2,\u8868\u4E88\n".getBytes(Charset.forName("Shift_JIS"));
    assertThat(read(write("a.csv", japanese), encoding("Shift_JIS")))
        .isEqualTo("[1, 2, \u8868\u4E88]");
    for (String none : List.of("latin", "UTF-7", "ISO-2022-JP", "IBM037", "x y")) {
      assertThatThrownBy(() -> read(write("a.csv", western), encoding(none)))
          .isInstanceOf(CsvException.class)
          .hasMessage(
              "must be a character set such as utf-8, utf-16, iso-8859-1 or windows-1252: source.csv.encoding="
                  + none);
    }
    assertThatThrownBy(() -> read(write("a.csv", "\uFEFFt,v".getBytes(UTF_8)), encoding("utf-16")))
        .hasMessage(
            "must be what the byte-order mark of the file says, UTF-8: source.csv.encoding=utf-16");
  }

  @Test
  void shouldReadBytesThatAreNoTextWhereTheyAreNotWanted() throws IOException, CsvException {
    byte[] bytes = "t,v,site\n1,2,M\u00FCnchen\n3,4,K\u00E9\n".getBytes(ISO_8859_1);
    Path file = write("a.csv", bytes);
    assertThat(read(file, NONE)).isEqualTo("[1, 2, M\uFFFDnchen][3, 4, K\uFFFD]");
    assertThat(CsvLayout.of(file, NONE, wanted("t", "v")).described())
        .isEqualTo(
            "read as: UTF-8, separated by \",\", names in line 1, bytes that are no UTF-8 in site, which is not wanted");
    assertThatThrownBy(() -> CsvLayout.of(file, NONE, wanted("t", "site")))
        .hasMessage(
            "must be the encoding of the file, such as windows-1252, for column site has bytes that are no UTF-8: source.csv.encoding");
  }

  /** It is the only one in which the file has the names that it must have. */
  @Test
  void shouldTellTheEncodingByTheNamesThatAreWanted() throws IOException, CsvException {
    byte[] bytes = "stra\u00DFe;temp\u00E9rature\n1;2\n".getBytes(ISO_8859_1);
    CsvLayout layout =
        CsvLayout.of(write("a.csv", bytes), NONE, wanted("stra\u00DFe", "temp\u00E9rature"));
    assertThat(layout.described())
        .isEqualTo("read as: windows-1252, separated by \";\", names in line 1");
  }

  @Test
  void shouldSayWhatAFileIsThatIsNoText() throws IOException {
    write("a.csv", "PK\3\4...".getBytes(ISO_8859_1));
    assertThatThrownBy(() -> read(folder.resolve("a.csv"), NONE))
        .hasMessage(
            "must be text, or text packed with gzip; it is a zip archive, or a workbook of Excel; save it as CSV, or unpack it");
  }

  @Test
  void shouldSayThatAGzipIsNotWhole() throws IOException, CsvException {
    byte[] whole = gzip("t,v\n1,2\n".repeat(20_000).getBytes(UTF_8));
    byte[] half = new byte[whole.length / 2];
    System.arraycopy(whole, 0, half, 0, half.length);
    assertThatThrownBy(() -> read(write("a.csv.gz", half), NONE))
        .hasMessage("the gzip ends before its end; copy the file again");
    half[half.length / 2] ^= 0x55;
    half[half.length / 2 + 1] ^= 0x55;
    assertThatThrownBy(() -> read(write("a.csv.gz", half), NONE))
        .hasMessageEndingWith("copy the file again");
    ByteArrayOutputStream two = new ByteArrayOutputStream();
    two.write(gzip("t,v\n1,2\n".getBytes(UTF_8)));
    two.write(gzip("3,4\n".getBytes(UTF_8)));
    assertThat(read(write("a.csv.gz", two.toByteArray()), NONE)).isEqualTo("[1, 2][3, 4]");
  }

  @Test
  void shouldTakeWhatIsDeclared() throws IOException, CsvException {
    Path file = write("a.csv", "x\nt;v,'a;b'\n1;2,5;3\n! no\n".getBytes(UTF_8));
    CsvOptions declared =
        new CsvOptions(';', '\'', "!", 2, List.of("t", "v", "w"), "utf-8", CsvOptions.Keys.OF_JOB);
    assertThat(read(file, declared)).isEqualTo("[1, 2,5, 3]");
    CsvOptions headerless =
        new CsvOptions(null, null, null, null, List.of("t", "v"), null, CsvOptions.Keys.OF_JOB);
    assertThat(read(write("a.csv", "1;2\n3;4\n".getBytes(UTF_8)), headerless))
        .isEqualTo("[1, 2][3, 4]");
    assertThatThrownBy(() -> read(write("a.csv", "1;2,5\n3;4,5\n".getBytes(UTF_8)), headerless))
        .hasMessage(
            "must be given, for more than one separator divides the lines into the 2 columns of source.csv.columns: source.csv.separator");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1.200,5 990,5          | decimal comma, points between thousands",
        "12,5 0,25              | decimal comma",
        "1,234.5 12             | decimal point, commas between thousands",
        "12.5 1,234             | decimal point, commas between thousands",
        "1'234.5                | decimal point, apostrophes between thousands",
        "1_234,5                | decimal comma, spaces between thousands",
        "1.234 2.345            | ``",
        "12 13                  | ``",
        "12.5_kWh 12.5          | ``",
        "1,234 5,678            | two",
        "1,234 5,678 ?          | two"
      })
  void shouldFindTheMarksOfNumbersOrAskForThem(String numbers, String found) throws IOException {
    StringBuilder text = new StringBuilder("t;v\n");
    for (String number : numbers.split(" ")) {
      text.append("1;").append(number.replace('_', '\u00A0')).append('\n');
    }
    Path file = write("a.csv", text.toString().getBytes(UTF_8));
    if (found.equals("two")) {
      assertThatThrownBy(() -> CsvLayout.of(file, NONE, wanted("t", "v")))
          .hasMessage(
              "must be given, for \"1,234\" may be any of [1.234, 1234.0]: source.mapping.decimal-mark, source.mapping.thousands-separator");
      return;
    }
    assertThat(described(file))
        .isEqualTo(
            "read as: UTF-8, separated by \";\", names in line 1"
                + (found.isEmpty() ? "" : ", " + found));
  }

  @Test
  void shouldKeepOfALongLineWhatItTakesToRefuseIt() throws IOException, CsvException {
    String text = "t,v\n1," + "2".repeat(3 << 20) + "\n3,4\n";
    for (Charset charset : List.of(UTF_8, UTF_16LE)) {
      Path file = write("a.csv", text.getBytes(charset));
      CsvLayout layout = CsvLayout.of(file, NONE, wanted("t", "v"));
      try (CsvRows rows = layout.open(file)) {
        CsvRecord first = rows.next();
        assertThat(first.bytes()).hasSize(CsvLines.MAX_BYTES + 1);
        assertThatThrownBy(() -> layout.fields(first.bytes()))
            .hasMessageContaining("1048576 bytes");
        assertThat(layout.fields(rows.next().bytes())).containsExactly("3", "4");
      }
    }
  }

  private String described(Path file) throws IOException {
    try {
      return CsvLayout.of(file, NONE, wanted("t", "v")).described();
    } catch (CsvException e) {
      return e.getMessage();
    }
  }

  private static CsvOptions encoding(String name) {
    return new CsvOptions(null, null, null, null, List.of(), name, CsvOptions.Keys.OF_JOB);
  }

  private static CsvWanted wanted(String time, String value) {
    return new CsvWanted(
        List.of(time, value), List.of(time), List.of(value), null, null, MissingWords.usual());
  }

  /** Records in brackets, those that are refused in braces. */
  private static String read(Path file, CsvOptions options) throws IOException, CsvException {
    CsvLayout layout = CsvLayout.of(file, options, wanted("t", "v"));
    StringBuilder all = new StringBuilder();
    try (CsvRows rows = layout.open(file)) {
      for (CsvRecord row = rows.next(); row != null; row = rows.next()) {
        try {
          List<String> fields = layout.fields(row.bytes());
          all.append(new ArrayList<>(fields));
        } catch (CsvException e) {
          all.append('{').append(new String(row.bytes(), UTF_8)).append('}');
        }
      }
    }
    return all.toString();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }
}
