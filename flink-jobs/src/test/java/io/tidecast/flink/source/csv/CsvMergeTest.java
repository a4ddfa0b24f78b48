package io.tidecast.flink.source.csv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.JsonMappingTest;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.testing.Samples;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvMergeTest {

  private static final String SOURCE =
      "source: {format: csv, files: '%s', mapping: {series: %s, time: t, values: v}}";

  @TempDir private Path folder;

  @Test
  void shouldReadWhatIsGoodAndSayWhereTheRestIs() throws IOException {
    write("a.csv", "\uFEFFid,t,v\r\ns,1,0.5\r\n\r\ns,2\r\ns,x,1\ns,3,\"1e3\"\ns,4,\n");
    List<ParsedMeasurement> records = read(config("id"), null);

    assertThat(records.stream().map(CsvMergeTest::outcome))
        .containsExactly(
            "s 1 [0.5]", "malformed 4", "invalid-field 5", "s 3 [1000.0]", "missing-field 7");
    RecordOrigin source = records.get(1).rejection().source();
    assertThat(source.topic()).isEqualTo(folder.resolve("a.csv").toString());
    assertThat(source.value()).asString().isEqualTo("s,2");
    assertThat(source.key()).isNull();
  }

  @Test
  void shouldReadTheLastLineWithoutItsEndAndNoneOfAnEmptyFile() throws IOException {
    write("a.csv", "t,v\n1,2");
    write("b.csv", "t,v\n");
    assertThat(outcomes(config("$file"), null)).containsExactly("a 1 [2.0]");
  }

  @Test
  void shouldGoOnAfterALineThatIsTooLong() throws IOException {
    write("a.csv", "t,v\n1," + "2".repeat(3 << 20) + "\n2,7\n");
    List<ParsedMeasurement> records = read(config("$file"), null);
    assertThat(records.stream().map(CsvMergeTest::outcome))
        .containsExactly("malformed 2", "a 2 [7.0]");
    assertThat(records.get(0).rejection().source().valueLength()).isEqualTo((1 << 20) + 1);
  }

  /** As one that was written as time went on; within a file nothing changes places. */
  @Test
  void shouldReadSeveralFilesInTheOrderOfTime() throws IOException {
    write("a.csv", "t,v\n10,0\n30,0\n20,0\n25,0\n60,0\n");
    write("b.csv", "v,t\n1,5\n1,29\n1,30\n1,70\n");
    assertThat(outcomes(config("$file"), null))
        .containsExactly(
            "b 5 [1.0]",
            "a 10 [0.0]",
            "b 29 [1.0]",
            "a 30 [0.0]",
            "a 20 [0.0]",
            "a 25 [0.0]",
            "b 30 [1.0]",
            "a 60 [0.0]",
            "b 70 [1.0]");
  }

  @Test
  void shouldReadAnOlderFileOfASeriesBeforeTheNewer() throws IOException {
    write("new.csv", "id,t,v\ns,100,3\ns,110,4\n");
    write("old.csv", "id,t,v\ns,80,1\ns,90,2\n");
    assertThat(outcomes(config("id"), null))
        .containsExactly("s 80 [1.0]", "s 90 [2.0]", "s 100 [3.0]", "s 110 [4.0]");
  }

  @Test
  void shouldGoOnFromAnyPosition() throws IOException {
    Random random = new Random(3);
    for (String file : List.of("a.csv", "b.csv", "c.csv")) {
      StringBuilder text = new StringBuilder("t,v\n");
      for (int line = 0; line < 60; line++) {
        text.append(random.nextInt(8) == 0 ? "bad" : (line * 10 + random.nextInt(40)) + "," + line)
            .append(random.nextInt(9) == 0 ? "\n\n" : "\n");
      }
      write(file, text.toString());
    }
    JobConfig config = config("$file");
    List<String> all = outcomes(config, null);
    assertThat(all).hasSize(180);
    CsvSplit.Serializer serializer = new CsvSplit.Serializer();
    for (int taken = 0; taken <= all.size(); taken += 7) {
      List<String> found = new ArrayList<>();
      CsvSplit kept;
      try (CsvMerge merge = merge(config, null)) {
        for (int i = 0; i < taken; i++) {
          merge.next().forEach(one -> found.add(outcome(one)));
        }
        kept = merge.position();
      }
      found.addAll(
          outcomes(
              config, serializer.deserialize(serializer.getVersion(), serializer.serialize(kept))));
      assertThat(found).as("after %d", taken).isEqualTo(all);
    }
  }

  @Test
  void shouldTakeTheFilesOfAFolderByName() throws IOException {
    Files.createDirectories(folder.resolve("sub.csv.old"));
    for (String name : List.of("b.csv", "a.csv", "c.txt")) {
      write(name, "id,t,v\n");
    }
    assertThat(ForecastJob.files(config("id")))
        .containsExactly(folder.resolve("a.csv"), folder.resolve("b.csv"));
    String both = "[%s, %s]".formatted(folder.resolve("b.csv"), folder);
    assertThat(ForecastJob.files(configOf(both, "id")))
        .containsExactly(folder.resolve("b.csv"), folder.resolve("a.csv"));
  }

  @Test
  void shouldRefuseFilesThatCannotBeRead() throws IOException {
    assertThat(problems(config("id")))
        .containsExactly(
            "must hold files that end with .csv, .tsv, .csv.gz or .tsv.gz: source.files=" + folder);
    Path absent = folder.resolve("absent.csv");
    assertThat(problems(configOf("'" + absent + "'", "id")))
        .containsExactly("must be a readable file: source.files=" + absent);
    Path file = write("a.csv", "id,t,t,v\n");
    assertThat(problems(config("id")))
        .containsExactly(
            ("must be a column of source.files=%s: source.mapping has t, which is the name of 2"
                    + " columns; the columns are id, t, t, v, read as: UTF-8, separated by \",\","
                    + " names in line 1")
                .formatted(file));
    write("a.csv", "id,\"t\n");
    assertThat(problems(config("id")))
        .containsExactly(
            "must be a line of names: line 1, where a quote is not closed or text follows it;"
                + " source.csv.quote says how fields are quoted; source.files="
                + file);
    write("a.csv", "id;t;w\n");
    assertThat(problems(config("site")))
        .containsExactly(
            "must be a column of source.files=%s: source.mapping has site; the columns are id, t, w, read as: UTF-8, separated by \";\", names in line 1"
                .formatted(file),
            "must be a column of source.files=%s: source.mapping has v; the columns are id, t, w, read as: UTF-8, separated by \";\", names in line 1"
                .formatted(file));
  }

  @Test
  void shouldReadFilesInTheirOwnDialects() throws IOException {
    write("a.csv", "made by us\n\"t\";\"v\";\"\"\n5;\"1.200,5\";\nTotal;7;\n");
    Files.write(folder.resolve("b.csv"), "\uFEFFt\tv\r\n6\t1234.5\r\n".getBytes(UTF_16LE));
    Files.write(folder.resolve("c.tsv.gz"), gzip("# t v\r7 8\r".getBytes(UTF_8)));
    write("D.CSV", "v,v.1,t\n1,2,9\n");
    assertThat(outcomes(config("$file"), null))
        .containsExactly(
            "a 5 [1200.5]", "invalid-field 4", "b 6 [1234.5]", "c 7 [8.0]", "D 9 [1.0]");
    assertThat(CsvFiles.of(csv(config("$file"))).notices())
        .containsExactlyInAnyOrder(
            "source.files=%s: read as: UTF-8, separated by \",\", names in line 1"
                .formatted(folder.resolve("D.CSV")),
            "source.files=%s: read as: UTF-8, separated by \";\", names in line 2, decimal comma, points between thousands"
                .formatted(folder.resolve("a.csv")),
            "source.files=%s: read as: UTF-16LE, separated by tabs, names in line 1"
                .formatted(folder.resolve("b.csv")),
            "source.files=%s: read as: UTF-8 packed with gzip, separated by spaces, names in line 1"
                .formatted(folder.resolve("c.tsv.gz")));
  }

  /** Also those that no path through a record could have. */
  @Test
  void shouldTakeColumnsOfAnyName() throws IOException {
    write("a.csv", "v.1,Power [kW],t,x\n1,2,5,0\n");
    JobConfig config =
        Samples.config(
            "source: {format: csv, files: '%s', mapping: {series: $file, time: t, values: ['Power [kW]', v.1]}}"
                .formatted(folder),
            "series: {step: 1s, channels: 2}",
            "dead-letters: {topic: rejects}");
    assertThat(outcomes(config, null)).containsExactly("a 5 [2.0, 1.0]");
  }

  @Test
  void shouldSayWhatIsWrongWithARecord() throws IOException {
    write("a.csv", "id,t,v\ns,1\ns,2,1,2\nM\u00FC,4,1\ns,5,12.5 kWh\ns,6,\"1,5,0\"\n");
    Path file = folder.resolve("a.csv");
    Files.write(file, Files.readString(file).getBytes(ISO_8859_1));
    // What is wrong in the first lines is refused at the start; further down it is a dead letter.
    assertThat(problems(config("id")))
        .containsExactly(
            "must be the encoding of the file, such as windows-1252, for column id has bytes that are no UTF-8: source.csv.encoding; source.files="
                + file);
    Files.writeString(file, "id,t,v\n" + "s,0,1\n".repeat(50_000));
    Files.write(
        file,
        "s,1\ns,2,1,2\nM\u00FC,4,1\ns,5,12.5 kWh\ns,6,\"1,5,0\"\n".getBytes(ISO_8859_1),
        StandardOpenOption.APPEND);
    assertThat(
            read(config("id"), null).stream()
                .filter(record -> record.rejection() != null)
                .map(
                    record ->
                        record.rejection().source().offset() + " " + record.rejection().detail()))
        .containsExactly(
            "50002 line must have 3 columns, found 2",
            "50003 line must have 3 columns, found 4",
            "50004 line must be text: column id has bytes that are no UTF-8; source.csv.encoding says what they are",
            "50005 field must be a number with nothing behind it, such as a unit: v=\"12.5 kWh\"",
            "50006 field must be a number as source.mapping.decimal-mark and source.mapping.thousands-separator say: v=\"1,5,0\"");
  }

  @Test
  void shouldReadNewestFirstAsIfItWereOldestFirst() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 2_345; i++) {
      lines.add(i * 10 + "," + i);
    }
    write("a.csv", "t,v\n" + String.join("\n", lines) + "\n");
    write("b.csv", "t,v\n15,0\n25,1\n");
    List<String> expected = outcomes(config("$file"), null);
    Collections.reverse(lines);
    write("b.csv", "t,v\n25,1\n15,0");
    String text = "t,v\r\n" + String.join("\r\n", lines);
    for (byte[] bytes : List.of(text.getBytes(UTF_16LE), gzip(text.getBytes(UTF_8)))) {
      Files.write(folder.resolve("a.csv"), bytes);
      JobConfig config = newestFirst();
      assertThat(outcomes(config, null)).isEqualTo(expected);
      for (int taken : new int[] {0, 1, 2, 3, 1_000, 1_346, 2_346, 2_347}) {
        assertThat(restored(config, taken)).as("after %d", taken).isEqualTo(expected);
      }
    }
    assertThat(CsvFiles.of(csv(config("$file"))).notices())
        .contains(
            "source.files=%s: it seems to be newest first, and what is older than the first record is late; set source.order to newest-first"
                .formatted(folder.resolve("a.csv")))
        .noneMatch(notice -> notice.contains("b.csv") && notice.contains("newest"));
    assertThat(CsvFiles.of(csv(newestFirst())).notices()).noneMatch(one -> one.contains("seems"));
  }

  @Test
  void shouldNotGoOnInTheOtherOrder() throws IOException {
    write("a.csv", "t,v\n1,1\n2,2\n");
    CsvSplit kept;
    try (CsvMerge merge = merge(config("$file"), null)) {
      merge.next();
      kept = merge.position();
    }
    assertThatThrownBy(() -> merge(newestFirst(), kept))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("source.order must stay what it was");
  }

  @Test
  void shouldGoOnWithinPackedAndWideText() throws IOException {
    StringBuilder text = new StringBuilder("\uFEFFt;v;note\r\n");
    for (int i = 0; i < 300; i++) {
      text.append(i).append(';').append(i).append(i % 5 == 0 ? ";\"a\r\nb\"\r\n\r\n" : ";x\r\n");
    }
    Files.write(folder.resolve("a.csv"), text.toString().getBytes(UTF_16BE));
    Files.write(folder.resolve("b.csv"), gzip(text.toString().getBytes(UTF_8)));
    JobConfig config = config("$file");
    List<String> all = outcomes(config, null);
    assertThat(all).hasSize(600).allMatch(one -> one.matches("[ab] \\d+ .*"));
    for (int taken = 0; taken <= all.size(); taken += 37) {
      assertThat(restored(config, taken)).as("after %d", taken).isEqualTo(all);
    }
  }

  /** As it was written when only one dialect was read. */
  @Test
  void shouldGoOnFromAPositionBeforeTheFirstRecord() throws IOException {
    write("a.csv", "t,v\n1,1\n2,2\n");
    CsvSplit kept =
        new CsvSplit(
            List.of(
                new CsvSplit.Position(
                    folder.resolve("a.csv").toString(), 4, 1, Long.MIN_VALUE, CsvSplit.NO_MEMORY)));
    assertThat(outcomes(config("$file"), kept)).containsExactly("a 1 [1.0]", "a 2 [2.0]");
  }

  /** The bytes of positions as they were before lines had a memory. */
  @Test
  void shouldReadPositionsOfTheFirstVersion() throws IOException {
    Path file = write("a.csv", "t,v\n1,1\n2,2\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(1);
    out.writeUTF(file.toString());
    for (long number : new long[] {8, 2, 1}) {
      out.writeLong(number);
    }
    CsvSplit kept = new CsvSplit.Serializer().deserialize(1, bytes.toByteArray());
    assertThat(outcomes(config("$file"), kept)).containsExactly("a 2 [2.0]");
    assertThatThrownBy(() -> new CsvSplit.Serializer().deserialize(3, bytes.toByteArray()))
        .hasMessage("positions of files must be of version 1 to 2: version=3");
  }

  /** Quarter hours of two series over the night in which clocks go back, and one that is bad. */
  @Test
  void shouldReadHoursThatComeTwiceInTheirOrderFromAnyPosition() throws IOException {
    Instant begin = Instant.parse("2013-10-26T20:00:00Z");
    ZoneId zurich = ZoneId.of("Europe/Zurich");
    StringBuilder text = new StringBuilder("id,t,v\n");
    List<String> expected = new ArrayList<>();
    for (int quarter = 0; quarter < 40; quarter++) {
      Instant time = begin.plus(Duration.ofMinutes(15L * quarter));
      for (String series : List.of("a", "b")) {
        text.append("%s,%s,%d\n".formatted(series, time.atZone(zurich).toLocalDateTime(), quarter));
        expected.add("%s %d [%d.0]".formatted(series, time.toEpochMilli(), quarter));
      }
      text.append("bad\n");
      expected.add("malformed " + (3 * quarter + 4));
    }
    write("a.csv", text.toString());
    JobConfig config =
        Samples.config(
            "source: {format: csv, files: '%s', mapping: {series: id, time: t, time-format: iso-8601, time-zone: Europe/Zurich, values: v}}"
                .formatted(folder),
            "dead-letters: {topic: rejects}");
    for (int taken = 0; taken <= expected.size(); taken++) {
      assertThat(restored(config, taken)).as("after %d", taken).isEqualTo(expected);
    }
  }

  /** What clocks never show is a dead letter, as 31 April is. */
  @Test
  void shouldRefuseAnHourThatDoesNotExist() throws IOException {
    write("a.csv", "t,v\n31.03.2013 01:00,1\n31.03.2013 02:00,1000\n31.03.2013 03:00,3\n");
    JobConfig config =
        Samples.config(
            "source: {format: csv, files: '%s', mapping: {series: $file, time: t, time-format: 'dd.MM.yyyy HH:mm', time-zone: Europe/Zurich, values: v}}"
                .formatted(folder),
            "dead-letters: {topic: rejects}");
    assertThat(outcomes(config, null))
        .containsExactly("a 1364688000000 [1.0]", "invalid-field 3", "a 1364691600000 [3.0]");
  }

  private static List<String> restored(JobConfig config, int taken) throws IOException {
    List<String> found = new ArrayList<>();
    CsvSplit kept;
    try (CsvMerge merge = merge(config, null)) {
      for (int i = 0; i < taken; i++) {
        found.add(outcome(merge.next().get(0)));
      }
      kept = merge.position();
    }
    CsvSplit.Serializer serializer = new CsvSplit.Serializer();
    byte[] bytes = serializer.serialize(kept);
    found.addAll(outcomes(config, serializer.deserialize(serializer.getVersion(), bytes)));
    return found;
  }

  private JobConfig newestFirst() {
    return Samples.config(
        SOURCE
            .replace("format: csv", "format: csv, order: newest-first")
            .formatted(folder, "$file"),
        "dead-letters: {topic: rejects}");
  }

  private static SourceFormat.Csv csv(JobConfig config) {
    return (SourceFormat.Csv) config.source().format();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static List<String> problems(JobConfig config) {
    return catchThrowableOfType(ConfigException.class, () -> ForecastJob.files(config)).problems();
  }

  private JobConfig config(String series) {
    return configOf("'" + folder + "'", series);
  }

  private static JobConfig configOf(String files, String series) {
    return Samples.config(
        SOURCE.replace("'%s'", "%s").formatted(files, series), "dead-letters: {topic: rejects}");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> outcomes(JobConfig config, CsvSplit from) throws IOException {
    return read(config, from).stream().map(CsvMergeTest::outcome).toList();
  }

  private static List<ParsedMeasurement> read(JobConfig config, CsvSplit from) throws IOException {
    List<ParsedMeasurement> records = new ArrayList<>();
    try (CsvMerge merge = merge(config, from)) {
      for (List<ParsedMeasurement> next = merge.next(); next != null; next = merge.next()) {
        records.addAll(next);
      }
    }
    return records;
  }

  private static CsvMerge merge(JobConfig config, CsvSplit from) throws IOException {
    List<CsvSplit.Position> beginnings =
        ForecastJob.files(config).stream()
            .map(file -> CsvSplit.Position.beginning(file.toString()))
            .toList();
    CsvSplit split = from == null ? new CsvSplit(beginnings) : from;
    return new CsvMerge(split, csv(config), Samples.closedParser(config));
  }

  private static String outcome(ParsedMeasurement record) {
    return record.rejection() == null
        ? JsonMappingTest.outcome(record)
        : JsonMappingTest.outcome(record) + " " + record.rejection().source().offset();
  }
}
