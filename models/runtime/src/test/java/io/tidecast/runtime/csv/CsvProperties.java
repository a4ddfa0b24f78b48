package io.tidecast.runtime.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.text.MissingWords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any table, written in any dialect, is read back the same, from any place and backwards. */
class CsvProperties {

  private static final List<String> NAMES = List.of("time", "v\u00E4lue", "note", "n,o;t\te|2");
  private static final List<String> ENDS = List.of("\n", "\r\n", "\r");
  private static final List<String> CHARSETS =
      List.of("UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252", "GB18030", "UTF-32LE");
  private static final String LETTERS = "abc 0123456789.,;|\t\"'#\u00E4\u20AC\n\r";

  @TempDir private Path folder;

  /** What a file is written with. */
  private record Way(char separator, String end, String charset, boolean gzip, boolean mark) {

    static Way any(Random random) {
      String charset = CHARSETS.get(random.nextInt(CHARSETS.size()));
      return new Way(
          ",;\t|".charAt(random.nextInt(4)),
          ENDS.get(random.nextInt(ENDS.size())),
          charset,
          random.nextBoolean(),
          charset.startsWith("UTF") && random.nextBoolean());
    }
  }

  @Test
  void shouldReadBackWhatWasWritten() throws IOException, CsvException {
    Random random = new Random(11);
    for (int i = 0; i < 400; i++) {
      Way way = Way.any(random);
      List<List<String>> table = table(random);
      Path file = write(way, table, random);
      CsvOptions options =
          new CsvOptions(null, null, null, null, List.of(), way.charset, CsvOptions.Keys.OF_JOB);
      CsvLayout layout =
          CsvLayout.of(
              file,
              options,
              new CsvWanted(NAMES, List.of("time"), List.of(), null, null, MissingWords.usual()));
      assertThat(layout.columns()).as("%d %s", i, way).isEqualTo(NAMES);
      List<CsvRecord> rows = all(layout.open(file));
      assertThat(texts(layout, rows)).as("%d %s", i, way).isEqualTo(table);

      if (!rows.isEmpty()) {
        int taken = random.nextInt(rows.size());
        CsvRecord last = rows.get(taken);
        assertThat(texts(layout, all(layout.open(file, last.end(), last.lines()))))
            .as("%d %s after %d", i, way, taken)
            .isEqualTo(table.subList(taken + 1, table.size()));
        List<List<String>> before = new ArrayList<>(table.subList(0, taken));
        Collections.reverse(before);
        assertThat(texts(layout, all(layout.openBackwards(file, last.end()))))
            .as("%d %s before %d", i, way, taken)
            .isEqualTo(before);
      }
    }
  }

  @Test
  void shouldReadBackwardsWhatIsManyBlocksLong() throws IOException, CsvException {
    StringBuilder text = new StringBuilder("time,v\n");
    for (int i = 0; i < 3_456; i++) {
      text.append(i).append(i % 7 == 0 ? ",\"a\nb\"\n" : ",1\n").append(i % 11 == 0 ? "\n" : "");
    }
    Path file = Files.writeString(folder.resolve("long.csv"), text);
    CsvLayout layout =
        CsvLayout.of(
            file,
            CsvOptions.none(CsvOptions.Keys.OF_JOB),
            new CsvWanted(
                List.of("time", "v"), List.of(), List.of(), null, null, MissingWords.usual()));
    List<CsvRecord> backwards = all(layout.openBackwards(file, Long.MAX_VALUE));
    Collections.reverse(backwards);
    assertThat(backwards)
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(all(layout.open(file)));
    assertThat(backwards).hasSize(3_456);
  }

  private static List<CsvRecord> all(CsvRows rows) throws IOException {
    List<CsvRecord> all = new ArrayList<>();
    try (rows) {
      for (CsvRecord row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
    }
    return all;
  }

  private static List<List<String>> texts(CsvLayout layout, List<CsvRecord> rows)
      throws CsvException {
    List<List<String>> texts = new ArrayList<>();
    for (CsvRecord row : rows) {
      texts.add(List.copyOf(layout.fields(row.bytes())));
    }
    return texts;
  }

  private static List<List<String>> table(Random random) {
    List<List<String>> table = new ArrayList<>();
    int rows = random.nextInt(30);
    for (int row = 0; row < rows; row++) {
      List<String> fields = new ArrayList<>(List.of(Integer.toString(row)));
      while (fields.size() < NAMES.size()) {
        StringBuilder field = new StringBuilder();
        int length = random.nextInt(6);
        while (field.length() < length) {
          field.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        fields.add(field.toString());
      }
      table.add(fields);
    }
    return table;
  }

  private Path write(Way way, List<List<String>> table, Random random) throws IOException {
    StringBuilder text = new StringBuilder(way.mark ? "\uFEFF" : "");
    List<List<String>> lines = new ArrayList<>(List.of(NAMES));
    lines.addAll(table);
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        text.append(i == 0 ? "" : way.separator).append(written(line.get(i), way, random));
      }
      text.append(way.end).append(random.nextInt(9) == 0 ? way.end : "");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = way.gzip ? new GZIPOutputStream(bytes) : bytes) {
      out.write(text.toString().getBytes(Charset.forName(way.charset)));
    }
    return Files.write(folder.resolve("a.csv"), bytes.toByteArray());
  }

  private static String written(String field, Way way, Random random) {
    boolean quotes =
        !field.strip().equals(field)
            || field.indexOf(way.separator) >= 0
            || field.chars().anyMatch(one -> one == '"' || one == '\n' || one == '\r')
            || random.nextInt(4) == 0;
    return quotes ? '"' + field.replace("\"", "\"\"") + '"' : field;
  }
}
