package io.tidecast.flink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingRulesTest {

  private static final String SCHEMA =
      """
      {"type": "record", "name": "Reading", "namespace": "com.example", "fields": [\
      {"name": "id", "type": "string"},\
      {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]},\
      {"name": "text", "type": "string"},\
      {"name": "ts", "type": {"type": "long", "connect.name": "io.debezium.time.MicroTimestamp"}},\
      {"name": "zoned", "type": {"type": "string", "connect.name": "io.debezium.time.ZonedTimestamp"}},\
      {"name": "clock", "type": {"type": "long", "connect.name": "io.debezium.time.MicroTime"}},\
      {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},\
      {"name": "meter", "type": ["null", {"type": "record", "name": "Meter", "fields": [\
      {"name": "kwh", "type": "double"}, {"name": "ok", "type": "boolean"}]}]},\
      {"name": "list", "type": {"type": "array", "items": "float"}}]}""";

  private static final String AVRO = "format: avro, avro-schema: '" + SCHEMA + "', ";

  /** The section of the source, the one problem it has. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // formats
        "format: xml| must be one of avro, csv, influx, json, protobuf, tidecast: source.format=xml",
        "mapping: {time: t}| must not be given with source.format=tidecast: source.mapping.time",
        "mapping: {missing-values: nan}"
            + "| must not be given with source.format=tidecast: source.mapping.missing-values",
        "avro-framing: none| must not be given with source.format=tidecast: source.avro-framing",
        "format: json, avro-schema: x, mapping: {series: s, time: t, values: v}"
            + "| must not be given with source.format=json: source.avro-schema",
        "format: avro, mapping: {series: s, time: t, values: v}"
            + "| must be given with source.format=avro: source.avro-schema, text",
        "format: json, mapping: {tiem: t, series: s, time: t, values: v}"
            + "| unknown key: source.mapping.tiem; did you mean source.mapping.time?",
        // what a mapping needs
        "format: json, mapping: {time: t, values: v}"
            + "| must be given with source.format=json: source.mapping.series, the path of ...",
        "format: json, mapping: {series: s, values: v}"
            + "| must be given with source.format=json: source.mapping.time, the path of ...",
        "format: json, mapping: {series: s, time: t}"
            + "| must be given with source.format=json: source.mapping.values, the path of ...",
        "format: json, mapping: {series: s, time: t, name: n, channel-names: [x]}"
            + "| must be given with source.format=json: source.mapping.value, the path of ...",
        "format: json, mapping: {series: s, time: t, name: n, value: v}"
            + "| must be given with source.format=json: source.mapping.channel-names, text; ...",
        "format: json, mapping: {series: s, time: t, values: v, name: n}"
            + "| must be given with source.format=json: source.mapping.channel-names, text; ...",
        "format: json, mapping: {series: s, time: t, values: v, value: v, name: n, channel-names: x}"
            + "| must not be given with source.mapping.values: source.mapping.value",
        // values by themselves
        "format: json, mapping: {series: a..b, time: t, values: v}"
            + "| must be the path of a field such as `a.b[0].c`, or one of $key, $header.NAME,"
            + " $timestamp, $topic, $file; or a list of different ones: source.mapping.series=a..b",
        "format: json, mapping: {series: s, time: $time, values: v}"
            + "| must be the path of a field such as `a.b[0].c`, or one of $key, $header.NAME,"
            + " $timestamp, $topic, $file; or a list of different ones: source.mapping.time=$time",
        "format: json, mapping: {series: s, time: t, values: []}"
            + "| must be the path of a field such as `a.b[0].c`, or one of $key, $header.NAME,"
            + " $timestamp, $topic, $file; or a list of different ones: source.mapping.values=[]",
        "format: json, mapping: {series: s, time: t, time-format: iso-8601, time-zone: Mars,"
            + " values: v}"
            + "| must be the name of a time zone, such as Europe/Berlin:"
            + " source.mapping.time-zone=Mars",
        "format: json, mapping: {series: s, time: t, values: v, allow-numeric-strings: yep}"
            + "| must be true or false: source.mapping.allow-numeric-strings=yep",
        // several observations in a record
        "format: json, mapping: {series: ^.s, time: t, values: v}"
            + "| must go with source.mapping.each, which says what an element is:"
            + " source.mapping.series=^.s",
        "format: json, mapping: {series: s, time: t, values: $each.value}"
            + "| must go with source.mapping.each, which says what an element is:"
            + " source.mapping.values=$each.value",
        "format: json, mapping: {each: 'a[*].b', series: s, time: ^^^.t, values: v}"
            + "| must go up 2 times at most, which is out of the record:"
            + " source.mapping.time=^^^.t",
        "format: json, mapping: {each: a, where: {^^.x: 1}, series: s, time: t, values: v}"
            + "| must go up 1 times at most, which is out of the record:"
            + " source.mapping.where=^^.x",
        "format: json, mapping: {each: 'a[*', series: ^.s, time: t, values: v}"
            + "| must be the path of an array or a map such as `metrics`, `a[*].b[*]` or `values.*`,"
            + " or `$` for the value itself; or a list of paths that differ after their last star"
            + " but one: source.mapping.each=a[*",
        "format: json, mapping: {each: ['a[*].b', 'c[*].b'], series: s, time: t, values: v}"
            + "| must be the path of an array or a map such as `metrics`, `a[*].b[*]` or `values.*`,"
            + " or `$` for the value itself; or a list of paths that differ after their last star"
            + " but one: source.mapping.each=[a[*].b, c[*].b]",
        "format: json, mapping: {where: {op: {is: c}}, series: s, time: t, values: v}"
            + "| must be a map of paths, each to a value, a list of values, `{exists: true}`,"
            + " `{matches: EXPRESSION}`, `{in: [a, b]}` or `{equals: a}`:"
            + " source.mapping.where={op=(a map)}",
        "format: json, mapping: {where: {op: {matches: '('}}, series: s, time: t, values: v}"
            + "| must be a map of paths, each to a value, a list of values, `{exists: true}`,"
            + " `{matches: EXPRESSION}`, `{in: [a, b]}` or `{equals: a}`:"
            + " source.mapping.where={op=(a map)}",
        "format: json, mapping: {series: $key.id, time: t, values: v}"
            + "| must be json, avro or protobuf where a path leads into the key: source.key-type;"
            + " source.mapping.series=$key.id",
        "format: json, key-type: long, mapping: {series: $key, time: $key, time-format: iso-8601,"
            + " values: v}"
            + "| must lead to text: source.mapping.time=$key is of type long",
        "format: influx, json-layout: lines, mapping: {series: s, time: time, values: v}"
            + "| must not be given with source.format=influx: source.json-layout",
        "mapping: {each: a}| must not be given with source.format=tidecast: source.mapping.each",
        "value-encoding: gzip| must not be given with source.format=tidecast: source.value-encoding",
        AVRO
            + "mapping: {each: list, series: ^.id, time: $.at, values: v}"
            + "| must name a field of the schema: source.mapping.values=v; there is no v in"
            + " type float",
        AVRO
            + "mapping: {each: id, series: ^.id, time: $.at, values: $each.value}"
            + "| must lead to an array or a map: source.mapping.each=id leads to type string",
        AVRO
            + "mapping: {each: lists, series: ^.id, time: $.at, values: $each.value}"
            + "| must name a field of the schema: source.mapping.each=lists; there is no lists"
            + " in com.example.Reading with id, at, text, ts, zoned, clock, local, meter, list",
        AVRO
            + "mapping: {each: list, where: {^.di: x}, series: ^.id, time: $.at, values: $each.value}"
            + "| must name a field of the schema: source.mapping.where=^.di; there is no di in"
            + " com.example.Reading with id, at, text, ts, zoned, clock, local, meter, list",
        // channels
        "format: json, mapping: {series: s, time: t, values: [v, w]}"
            + "| must have one entry per channel, series.channels=1: source.mapping.values=[v, w]",
        "format: json, mapping: {series: s, time: t, name: n, value: v, channel-names: [x, y]}"
            + "| must have one entry per channel, series.channels=1:"
            + " source.mapping.channel-names=[x, y]",
        "format: json, mapping: {series: s, time: t, name: n, values: [v, w], channel-names: [x]}"
            + "| must have one entry per 2 channels (source.mapping.values), series.channels=1:"
            + " source.mapping.channel-names=[x]",
        "format: json, mapping: {series: s, time: t, name: n, value: v, channel-names: [x, x]}"
            + "| must be text; or a list of different ones: source.mapping.channel-names=[x, x]",
        // times
        "format: json, mapping: {series: s, time: t, time-format: dd.MM.yyyy, values: v}"
            + "| must be one of the names or a pattern: source.mapping.time-format=dd.MM.yyyy:"
            + " it has no offset; set source.mapping.time-zone",
        "format: json, mapping: {series: s, time: t, time-format: 'HH:mm X', values: v}"
            + "| must be one of the names or a pattern: source.mapping.time-format=HH:mm X:"
            + " it gives no date",
        "format: json, mapping: {series: s, time: t, time-zone: UTC, values: v}"
            + "| must not be given with source.mapping.time-format=epoch-millis:"
            + " source.mapping.time-zone=UTC",
        "format: json, mapping: {series: s, time: $timestamp, time-format: epoch-seconds, values: v}"
            + "| must be epoch-millis, which is what $timestamp is:"
            + " source.mapping.time-format=epoch-seconds",
        "format: json, mapping: {series: s, time: $header.t, values: v}"
            + "| must lead to a number: source.mapping.time=$header.t is of type string",
        "format: json, mapping: {series: s, time: t, values: $key}"
            + "| must lead to a number: source.mapping.values=$key is of type string",
        // fields of Avro
        AVRO
            + "mapping: {series: name, time: at, values: meter.kwh}"
            + "| must name a field of the schema: source.mapping.series=name; there is no name"
            + " in com.example.Reading with id, at, text, ts, zoned, clock, local, meter, list",
        AVRO
            + "mapping: {series: id, time: at, values: meter.mwh}"
            + "| must name a field of the schema: source.mapping.values=meter.mwh; there is no"
            + " mwh in com.example.Meter with kwh, ok",
        AVRO
            + "mapping: {series: id, time: then, values: meter.kwh}"
            + "| must name a field of the schema: source.mapping.time=then; there is no then"
            + " in com.example.Reading with id, at, text, ts, zoned, clock, local, meter, list",
        AVRO
            + "mapping: {series: id, time: at, values: list.v}"
            + "| must name a field of the schema: source.mapping.values=list.v; there is no v"
            + " in type array",
        AVRO
            + "mapping: {series: id, time: at, values: 'meter[0]'}"
            + "| must name a field of the schema: source.mapping.values=meter[0]; there is no"
            + " [0] in com.example.Meter with kwh, ok",
        AVRO
            + "mapping: {series: meter, time: at, values: meter.kwh}"
            + "| must lead to text or a whole number: source.mapping.series=meter is of type record",
        AVRO
            + "mapping: {series: meter.kwh, time: at, values: meter.kwh}"
            + "| must lead to text or a whole number: source.mapping.series=meter.kwh is of type double",
        AVRO
            + "mapping: {series: id, time: at, values: meter.ok}"
            + "| must lead to a number: source.mapping.values=meter.ok is of type boolean",
        AVRO
            + "mapping: {series: id, time: at, values: text}"
            + "| must lead to a number: source.mapping.values=text is of type string",
        AVRO
            + "mapping: {series: id, time: at, time-format: epoch-millis, values: meter.kwh}"
            + "| must be epoch-micros, which is what at is: source.mapping.time-format=epoch-millis",
        AVRO
            + "mapping: {series: id, time: ts, time-format: epoch-millis, values: meter.kwh}"
            + "| must be epoch-micros, which is what ts is: source.mapping.time-format=epoch-millis",
        AVRO
            + "mapping: {series: id, time: zoned, time-format: yyyy, values: meter.kwh}"
            + "| must be iso-8601, which is what zoned is: source.mapping.time-format=yyyy",
        AVRO
            + "mapping: {series: id, time: clock, values: meter.kwh}"
            + "| must be a time with its date, clock is a time of day by its schema: source.mapping.time=clock",
        AVRO
            + "mapping: {series: id, time: text, values: meter.kwh}"
            + "| must lead to a number: source.mapping.time=text is of type string",
        AVRO
            + "mapping: {series: id, time: meter, time-format: iso-8601, values: meter.kwh}"
            + "| must lead to text: source.mapping.time=meter is of type record",
        AVRO
            + "mapping: {series: id, time: local, values: meter.kwh}"
            + "| must be given, for source.mapping.time=local is a local time:"
            + " source.mapping.time-zone, the name of a time zone, such as Europe/Berlin",
        AVRO
            + "mapping: {series: id, time: local, time-format: epoch-millis, values: meter.kwh}"
            + "| must be given, for source.mapping.time=local is a local time:"
            + " source.mapping.time-zone, the name of a time zone, such as Europe/Berlin",
        AVRO
            + "mapping: {series: id, time: local, time-format: epoch-seconds, time-zone: UTC,"
            + " values: meter.kwh}"
            + "| must be epoch-millis, which is what local is: source.mapping.time-format=epoch-seconds",
        "format: json, mapping: {series: s, time: [d, t], values: v}"
            + "| must be iso-8601 or a pattern with several fields, source.mapping.time=[d, t]:"
            + " source.mapping.time-format",
        "format: json, mapping: {series: s, time: [d, t], time-format: epoch-days, values: v}"
            + "| must be iso-8601 or a pattern with several fields, source.mapping.time=[d, t]:"
            + " source.mapping.time-format=epoch-days",
        "format: json, mapping: {series: s, time: t, time-format: excel-days, values: v}"
            + "| must be given, for source.mapping.time=t is a local time"
            + " (source.mapping.time-format=excel-days): source.mapping.time-zone,"
            + " the name of a time zone, such as Europe/Berlin",
        "format: json, mapping: {series: s, time: t, time-format: iso-8601, time-zone: UTC,"
            + " time-overlap: in-order, values: v}"
            + "| must be earlier, later or refuse where records come from a topic, which has no order"
            + " that lasts: source.mapping.time-overlap=in-order",
        "format: json, mapping: {series: s, time: t, time-overlap: later, values: v}"
            + "| must not be given with source.mapping.time-format=epoch-millis:"
            + " source.mapping.time-overlap=later",
        "format: json, mapping: {series: s, time: t, time-format: epoch-days, time-language: de,"
            + " values: v}"
            + "| must not be given with source.mapping.time-format=epoch-days:"
            + " source.mapping.time-language=de",
        "format: json, mapping: {series: s, time: t, time-format: iso-8601, time-language: xx,"
            + " values: v}"
            + "| must be a language, such as de, fr or en-US: source.mapping.time-language=xx",
        "format: json, mapping: {series: s, time: t, time-format: iso-8601,"
            + " time-abbreviations: {EST: -5}, values: v}"
            + "| must be a map of abbreviations to offsets, such as {EST: \"-05:00\"}:"
            + " source.mapping.time-abbreviations={EST=-5}",
        "format: json, mapping: {series: s, time: t, time-format: 'yyyy-MM-dd zzzz', values: v}"
            + "| must be one of the names or a pattern: source.mapping.time-format=yyyy-MM-dd zzzz:"
            + " names of zones in full are not read; z is an abbreviation, VV a region, XXX an offset",
        // schemas
        "format: avro, avro-schema: no/such.avsc, mapping: {series: s, time: t, values: v}"
            + "| must be a readable file: source.avro-schema=no/such.avsc",
        "format: avro, avro-schema: '{\"type\": \"recrod\"}',"
            + " mapping: {series: s, time: t, values: v}"
            + "| must be an Avro schema: source.avro-schema=(inline)...",
        "format: avro, avro-schema: '{\"type\": \"long\"}',"
            + " mapping: {series: s, time: t, values: v}"
            + "| must be the schema of a record: source.avro-schema=(inline) is of type long",
      })
  void shouldRefuse(String source, String problem) {
    assertThat(problems("source: {" + source + "}"))
        .singleElement()
        .asString()
        .satisfies(
            found -> {
              if (problem.endsWith("...")) {
                assertThat(found).startsWith(problem.substring(0, problem.length() - 3));
              } else {
                assertThat(found).isEqualTo(problem);
              }
              assertThat(found).doesNotContain("\n");
            });
  }

  @Test
  void shouldRefuseOneChannelPerRecordWhereTheFirstClosesTheCell() {
    String source =
        "source: {format: json, mapping: {series: s, time: t, name: n, value: v,"
            + " channel-names: [x, y]}}";
    assertThat(problems(source, "series: {step: 1s, channels: 2}"))
        .containsExactly(
            "must be watermark or complete where a record holds one channel of several"
                + " (source.mapping.name): series.close=arrival");
    assertThat(problems(source, "series: {step: 1s, channels: 2, close: watermark}")).isEmpty();
    assertThat(problems(source, "series: {step: 1s, channels: 2, close: complete}")).isEmpty();
    assertThat(problems(source.replace("[x, y]", "x"), "series: {step: 1s}")).isEmpty();
  }

  /** The section of the source, the one problem it has. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "format: csv, mapping: {series: s, time: t, values: v}"
            + "| must be given with source.format=csv: source.files, text; ...",
        "format: csv, files: f, topic: a, mapping: {series: s, time: t, values: v}"
            + "| must not be given with source.format=csv: source.topic",
        "format: csv, files: f, topic-pattern: a, mapping: {series: s, time: t, values: v}"
            + "| must not be given with source.format=csv: source.topic-pattern",
        "format: csv, files: f, stop: latest, mapping: {series: s, time: t, values: v}"
            + "| must not be given with source.format=csv: source.stop",
        "format: csv, files: f, start: latest, mapping: {series: s, time: t, values: v}"
            + "| must not be given with source.format=csv: source.start",
        "format: csv, files: f, mapping: {series: s, time: t, values: v, allow-numeric-strings: true}"
            + "| must not be given with source.format=csv: source.mapping.allow-numeric-strings",
        "format: csv, files: f, csv: {separator: ab}, mapping: {series: s, time: t, values: v}"
            + "| must be one character, tab, or spaces for as many of them as there are: source.csv.separator=ab",
        "format: csv, files: f, csv: {separator: ';', quote: ';'}, mapping: {series: s, time: t, values: v}"
            + "| must differ from source.csv.quote: source.csv.separator=;",
        "format: csv, files: f, csv: {encoding: latin}, mapping: {series: s, time: t, values: v}"
            + "| must be a character set such as utf-8, utf-16, iso-8859-1 or windows-1252: source.csv.encoding=latin",
        "format: json, csv: {skip-lines: 1}, mapping: {series: s, time: t, values: v}"
            + "| must not be given with source.format=json, of which a topic is read as it was written: source.csv.skip-lines",
        "format: json, topic: t, order: newest-first, mapping: {series: s, time: t, values: v}"
            + "| must go with source.stop, latest or a time, for a topic is read backwards from where it ends: source.order=newest-first",
        "format: json, topic: t, stop: latest, start: committed, order: newest-first, mapping: {series: s, time: t, values: v}"
            + "| must be earliest, or left out, with source.order=newest-first, which reads back to the first record: source.start=committed",
        "format: json, mapping: {series: s, time: t, values: v, decimal-mark: comma}"
            + "| must go with source.mapping.allow-numeric-strings=true, or no text is a number: source.mapping.decimal-mark",
        "format: csv, files: f, mapping: {series: s, time: t, values: v, decimal-mark: comma, thousands-separator: comma}"
            + "| must differ from source.mapping.decimal-mark: source.mapping.thousands-separator=comma",
        "format: json, mapping: {series: s, time: t, values: 'power [kW]'}"
            + "| must be the path of a field such as `a.b[0].c`, or one of $key, $header.NAME, $timestamp, $topic, $file; or a list of different ones: source.mapping.values=power [kW]",
        "format: csv, files: f, mapping: {series: $key, time: t, values: v}"
            + "| must be a column or $file with source.format=csv: source.mapping.series=$key",
        "format: json, mapping: {series: $file, time: t, values: v}"
            + "| must be of a record with source.format=json: source.mapping.series=$file",
        "format: json, files: f, mapping: {series: s, time: t, values: v}"
            + "| must not be given with source.format=json: source.files",
        "stop: tomorrow| must be never, latest or a time such as 2026-11-20T00:00:00Z:"
            + " source.stop=tomorrow",
      })
  void shouldRefuseOfWhatEnds(String source, String problem) {
    assertThat(problems("source: {" + source + "}", "dead-letters: {topic: rejects}"))
        .singleElement()
        .asString()
        .startsWith(problem.replace("...", ""));
  }

  @Test
  void shouldRefuseRequestsToAJobThatEnds() {
    assertThat(problems("source: {stop: latest}", "requests: {topic: r}"))
        .containsExactly("must not be given in a job that ends by itself: requests.topic=r");
  }

  @Test
  void shouldWantATopicForTheDeadLettersOfFiles() {
    String source = "source: {format: csv, files: f, mapping: {series: s, time: t, values: v}}";
    assertThat(problems(source))
        .containsExactly("must be given with source.format=csv: dead-letters.topic");
    assertThat(problems(source, "dead-letters: {topic: rejects}")).isEmpty();
  }

  @Test
  void shouldReportAllProblemsAtOnce() {
    assertThat(problems("source: {" + AVRO + "mapping: {series: x, time: y, values: [z, id]}}"))
        .satisfiesExactlyInAnyOrder(
            p -> assertThat(p).contains("series.channels=1: source.mapping.values=[z, id]"),
            p -> assertThat(p).contains("source.mapping.series=x; there is no x"),
            p -> assertThat(p).contains("source.mapping.time=y; there is no y"),
            p -> assertThat(p).contains("source.mapping.values=z; there is no z"),
            p -> assertThat(p).contains("source.mapping.values=id is of type string"));
  }

  @Test
  void shouldReadTheSchemaOfAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("reading.avsc"), SCHEMA);
    String source =
        "source: {format: avro, avro-schema: '%s', mapping: {series: id, time: at, values: list}}"
            .formatted(file);
    assertThat(problems(source))
        .containsExactly("must lead to a number: source.mapping.values=list is of type array");
    assertThat(problems(source.replace("values: list", "values: 'list[3]'"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topic: [a, b], topic-pattern: a.*"
            + "| must not be given with source.topic: source.topic-pattern=a.*",
        "topic: [a, b]| must be given when source.topic is not a single one: dead-letters.topic",
        "topic-pattern: a.*"
            + "| must be given when source.topic is not a single one: dead-letters.topic",
        "topic-pattern: a(| must be a regular expression: source.topic-pattern=a(",
        "topic: [a, a]| must be the name of a Kafka topic: 1 to 249 of the characters a-z A-Z 0-9"
            + " . _ -; or a list of different ones: source.topic=[a, a]",
      })
  void shouldRefuseTopics(String source, String problem) {
    assertThat(problems("source: {" + source + "}")).containsExactly(problem);
  }

  @Test
  void shouldRefuseTopicsThatTheJobWritesTo() {
    String deadLetters = "dead-letters: {topic: rejects}";
    assertThat(problems("source: {topic: [a, forecasts, rejects]}", deadLetters))
        .containsExactly(
            "must not be the topic of source.topic: sink.topic=forecasts",
            "must not be the topic of source.topic: dead-letters.topic=rejects");
    assertThat(problems("source: {topic-pattern: '(forecasts|rejects).*'}", deadLetters))
        .containsExactly(
            "must not match sink.topic=forecasts: source.topic-pattern=(forecasts|rejects).*",
            "must not match dead-letters.topic=rejects:"
                + " source.topic-pattern=(forecasts|rejects).*");
    // Kafka holds the whole name against the pattern.
    assertThat(problems("source: {topic-pattern: 'forecast'}", deadLetters)).isEmpty();
  }

  private static List<String> problems(String... sections) {
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> Samples.config(sections));
    return e == null ? List.of() : e.problems();
  }
}
