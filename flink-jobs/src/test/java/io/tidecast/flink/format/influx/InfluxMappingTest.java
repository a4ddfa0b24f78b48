package io.tidecast.flink.format.influx;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.format.JsonMappingTest;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfluxMappingTest {

  private static final String CPU = "series: host, time: time, values: usage_idle";

  @Test
  void shouldReadTagsFieldsAndTheTime() {
    assertThat(read(CPU, "cpu,host=web-1 usage_idle=0.5 1714521600000000000"))
        .containsExactly("web-1 1714521600000 [0.5]");
    assertThat(
            read(
                "series: [measurement, tags.host, region], time: time, time-format: epoch-seconds, values: fields.value",
                "load,host=a,region=eu value=-1.5e1,host=\"x\",region_=2i 1714521600"))
        .containsExactly("load/a/eu 1714521600000 [-15.0]");
  }

  /** Line, and the value of the field f. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "m f=1i 5000000 | [1.0]",
        "m f=-9223372036854775808i 5000000 | [-9.223372036854776E18]",
        "m f=18446744073709551615u 5000000 | [1.8446744073709552E19]",
        "m f=1.0E+78 5000000 | non-finite-value",
        "m f=.5,g=\"a, b=c\" 5000000 | [0.5]",
        "m g=\"say \\\"f=7\\\" \\\\\",f=2 5000000 | [2.0]",
        "m g=t,h=FALSE,f=3 5000000 | [3.0]",
        "m f=t 5000000 | invalid-field",
        "m f=\"4\" 5000000 | invalid-field",
        "m f=1  5000000  | [1.0]",
        "m,a=b\\ c,d\\,e=f\\=g f=6 5000000 | [6.0]",
        "my\\ name\\,x f=7 5000000 | [7.0]",
        "m f=1 | missing-field",
        "m g=1 5000000 | missing-field",
        "m f=1 9223372036854775808 | malformed",
        "m f=1 5.5 | malformed",
        "m f=1i6 5000000 | malformed",
        "m f=9223372036854775808i 5000000 | malformed",
        "m f=-1u 5000000 | malformed",
        "m f=0x1p3 5000000 | malformed",
        "m f=NaN 5000000 | malformed",
        "m f= 5000000 | malformed",
        "m f 5000000 | malformed",
        "m f=1,f=2 5000000 | malformed",
        "m,a= f=1 5000000 | malformed",
        "m,a=1,a=2 f=1 5000000 | malformed",
        "m,a f=1 5000000 | malformed",
        ",a=b f=1 5000000 | malformed",
        "m f=\"open 5000000 | malformed",
        "m 5000000 | malformed",
        "m | malformed",
        "{} | malformed",
      })
  void shouldReadEverySpelling(String line, String expected) {
    assertThat(read("series: measurement || $topic, time: time, values: f", line))
        .singleElement()
        .asString()
        .satisfies(
            outcome ->
                assertThat(outcome.substring(Math.max(0, outcome.indexOf('['))))
                    .startsWith(expected));
  }

  @Test
  void shouldUndoEscapesOfNames() {
    assertThat(
            read(
                "series: [measurement, 'tags.a b', 'd,e'], time: time, values: f",
                "my\\ name\\,x,a\\ b=c\\ d,d\\,e=f\\=g\\h f=1 5000000"))
        .containsExactly("my name,x/c d/f=g\\h 5 [1.0]");
  }

  @Test
  void shouldReadSeveralLinesOfSeveralMeasurements() {
    String lines =
        """
        # agent 1.30
        cpu,host=a usage_idle=1 1000000000
        mem,host=a used=5i,note="two
        lines, host=x usage_idle=9" 1000000000

        cpu,host=b usage_idle=" 2
        cpu,host=c usage_idle=3,note="it is \\"so\\"" 2000000000\r
        """;
    assertThat(read(CPU + ", where: {measurement: cpu}", lines))
        .containsExactly(
            "a 1000 [1.0]",
            "c 2000 [3.0]",
            "malformed: line must be one of the line protocol: the quote of the field usage_idle is not closed"
                + " (line 5) (1 of the 4 observations of the record are refused so)",
            "1 not-asked-for");
    assertThat(read(CPU, "# nothing\n\n"))
        .containsExactly("malformed: value must have a line that is not blank");
  }

  @Test
  void shouldAskWhichOfATagAndAFieldIsMeant() {
    String line = "m,host=a host=2,usage_idle=1 1000000";
    assertThat(read(CPU, line))
        .containsExactly(
            "invalid-field: name must be of a tag or a field, and is of both: host; write tags.host or fields.host");
    assertThat(read("series: tags.host, time: time, values: fields.host", line))
        .containsExactly("a 1 [2.0]");
  }

  @Test
  void shouldTakeKafkasTimestampWhereALineHasNoTimeOnlyIfTold() {
    assertThat(
            read(
                "series: host, time: time || $timestamp, values: usage_idle",
                "m,host=a usage_idle=1"))
        .containsExactly("a 1795176000000 [1.0]");
    assertThat(read(CPU, "m,host=a usage_idle=1"))
        .containsExactly("missing-field: field must be there and not null: time");
  }

  @Test
  void shouldMakeAnObservationOfEachFieldOfALine() {
    assertThat(
            read(
                "each: fields, series: [$.host, $each.key], time: $.time, values: $each.value",
                "cpu,host=a usage_idle=1,usage_user=2i 1000000\ncpu,host=b usage_idle=3 2000000"))
        .containsExactly("a/usage_idle 1 [1.0]", "a/usage_user 1 [2.0]", "b/usage_idle 2 [3.0]");
  }

  @Test
  void shouldAnswerForBytesOfAnyKind() {
    ParseMeasurements parser = parser(CPU);
    byte[] good =
        bytes(
            "cpu,host=web\\ 1 usage_idle=0.5,x=\"a b\" 1714521600000000000\ncpu,host=b usage_idle=1i 1");
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] =
            (byte) "\\\"=, \n#i1\u0000a".charAt(random.nextInt(11));
      }
      assertThat(parser.parse(source(bytes), Samples.NO_HEADERS)).isNotEmpty();
    }
  }

  private static List<String> read(String mapping, String lines) {
    return parser(mapping).parse(source(bytes(lines)), Samples.NO_HEADERS).stream()
        .map(JsonMappingTest::described)
        .toList();
  }

  private static ParseMeasurements parser(String mapping) {
    return Samples.parser(
        Samples.config("source: {format: influx, mapping: {%s}}".formatted(mapping)));
  }

  private static SourceRecord source(byte[] value) {
    return new SourceRecord("topic", 0, 1, Samples.NOW, null, value);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
