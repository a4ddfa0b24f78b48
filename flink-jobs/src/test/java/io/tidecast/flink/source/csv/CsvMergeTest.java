package io.tidecast.flink.source.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.JsonMappingTest;
import io.tidecast.flink.format.csv.CsvLine;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
    assertThat(records.get(0).rejection().source().valueLength()).isEqualTo(CsvLine.MAX_BYTES + 1);
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
        .containsExactly("must hold files that end with .csv: source.files=" + folder);
    Path absent = folder.resolve("absent.csv");
    assertThat(problems(configOf("'" + absent + "'", "id")))
        .containsExactly("must be a readable file: source.files=" + absent);
    Path file = write("a.csv", "id,t,t\n");
    assertThat(problems(config("id")))
        .containsExactly(
            "must name each column once: the first line of source.files=" + file + " is id,t,t");
    write("a.csv", "id,\"t\n");
    assertThat(problems(config("id")))
        .containsExactly(
            "must begin with the names of the columns: source.files="
                + file
                + ": line must be one of CSV: a quote is not closed");
    write("a.csv", "id,t,w\n");
    assertThat(problems(config("site")))
        .containsExactly(
            "must be a column of source.files=%s: source.mapping has site; the columns are id, t, w"
                .formatted(file),
            "must be a column of source.files=%s: source.mapping has v; the columns are id, t, w"
                .formatted(file));
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
    return new CsvMerge(split, Samples.closedParser(config));
  }

  private static String outcome(ParsedMeasurement record) {
    return record.rejection() == null
        ? JsonMappingTest.outcome(record)
        : JsonMappingTest.outcome(record) + " " + record.rejection().source().offset();
  }
}
