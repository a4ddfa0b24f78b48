package io.tidecast.flink.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records of several observations as agents, gateways and platforms write them. */
class SeveralObservationsTest {

  private static final String TELEGRAF =
      """
      {"metrics": [
        {"fields": {"usage_idle": 97.5, "usage_user": 1}, "name": "cpu",
         "tags": {"cpu": "cpu-total", "host": "web-1"}, "timestamp": 1714521600},
        {"fields": {"active": 1024, "used_percent": 42}, "name": "mem",
         "tags": {"host": "web-1"}, "timestamp": 1714521600},
        {"fields": {"usage_idle": 12, "usage_user": 80}, "name": "cpu",
         "tags": {"cpu": "cpu0", "host": "web-1"}, "timestamp": 1714521600}]}
      """;

  private static final String OTLP =
      """
      {"resourceMetrics": [
        {"resource": {"attributes": [
           {"key": "service.name", "value": {"stringValue": "shop"}},
           {"key": "host.name", "value": {"stringValue": "web-1"}}]},
         "scopeMetrics": [{"scope": {"name": "hostmetrics"}, "metrics": [
           {"name": "system.memory.usage", "unit": "By", "gauge": {"dataPoints": [
             {"attributes": [{"key": "state", "value": {"stringValue": "used"}}],
              "timeUnixNano": "1714521600000000000", "asInt": "7"},
             {"attributes": [{"key": "state", "value": {"stringValue": "free"}}],
              "timeUnixNano": "1714521600000000000", "asDouble": 2.5}]}},
           {"name": "http.requests", "sum": {"aggregationTemporality": 2, "isMonotonic": true,
             "dataPoints": [{"timeUnixNano": "1714521601000000000", "asInt": "100"}]}}]}]},
        {"resource": {"attributes": [{"key": "host.name", "value": {"stringValue": "web-2"}}]},
         "scopeMetrics": [{"metrics": [
           {"name": "system.memory.usage", "gauge": {"dataPoints": [
             {"timeUnixNano": "1714521602000000000", "asInt": 9}]}}]}]}]}
      """;

  @Test
  void shouldReadWhatIsAskedForOfABatchOfTelegraf() {
    assertThat(
            read(
                """
                each: metrics
                where: {name: cpu, tags.cpu: {matches: "cpu\\\\d+|cpu-total"}}
                series: [tags.host, tags.cpu]
                time: timestamp
                time-format: epoch-seconds
                values: fields.usage_idle
                """,
                TELEGRAF))
        .containsExactly(
            "web-1/cpu-total 1714521600000 [97.5]",
            "web-1/cpu0 1714521600000 [12.0]",
            "1 not-asked-for");
  }

  @Test
  void shouldGoOverNestedArraysAndPickAttributesByName() {
    String mapping =
        """
        each:
          - resourceMetrics[*].scopeMetrics[*].metrics[*].gauge.dataPoints[*]
          - resourceMetrics[*].scopeMetrics[*].metrics[*].sum.dataPoints[*]
        series: ["^^^.resource.attributes[key=host.name].value.stringValue", ^.name]
        time: timeUnixNano
        time-format: epoch-nanos
        values: asInt || asDouble
        allow-numeric-strings: true
        """;
    assertThat(read(mapping, OTLP))
        .containsExactly(
            "web-1/system.memory.usage 1714521600000 [7.0]",
            "web-1/system.memory.usage 1714521600000 [2.5]",
            "web-1/http.requests 1714521601000 [100.0]",
            "web-2/system.memory.usage 1714521602000 [9.0]");
    assertThat(
            read(
                mapping
                    + "where: {\"^^^.resource.attributes[key=host.name].value.stringValue\": web-2}",
                OTLP))
        .as("decided where it can be, not at each point")
        .containsExactly("web-2/system.memory.usage 1714521602000 [9.0]", "1 not-asked-for");
  }

  @Test
  void shouldTellOfElementsThatHaveNothingToGoOver() {
    assertThat(
            read(
                """
                each: resourceMetrics[*].scopeMetrics[*].metrics[*].gauge.dataPoints
                series: ["^^^.resource.attributes[key=host.name].value.stringValue", "attributes[key=state].value.stringValue"]
                time: timeUnixNano
                time-format: epoch-nanos
                values: asInt || asDouble
                allow-numeric-strings: true
                """,
                OTLP))
        .containsExactly(
            "web-1/used 1714521600000 [7.0]",
            "web-1/free 1714521600000 [2.5]",
            "missing-field: field must be there and not null: attributes[key=state].value.stringValue"
                + " (resourceMetrics[1].scopeMetrics[0].metrics[0].gauge.dataPoints[0])"
                + " (1 of the 4 observations of the record are refused so)",
            "1 no-elements");
  }

  @Test
  void shouldGoOverAMapWithTheNamesOfItsEntries() {
    String record =
        "{\"deviceName\": \"boiler\", \"ts\": 5, \"values\": {\"temp_1\": 0.5, \"temp_2\": 10, \"on\": true}}";
    assertThat(
            read(
                "each: values\nseries: [^.deviceName, $each.key]\ntime: $.ts\nvalues: $each.value",
                record))
        .containsExactly(
            "boiler/temp_1 5 [0.5]",
            "boiler/temp_2 5 [10.0]",
            "invalid-field: field must be a number: $each.value=true (values.on)"
                + " (1 of the 3 observations of the record are refused so)");
    assertThat(
            read(
                "each: values.*\nwhere: {$each.key: {matches: temp_.*}}\nseries: [$.deviceName, $each.key]\ntime: ^.ts\nvalues: $each.value",
                record))
        .containsExactly("boiler/temp_1 5 [0.5]", "boiler/temp_2 5 [10.0]", "1 not-asked-for");
  }

  @Test
  void shouldSayWhereAFieldIsThatTheElementHasNot() {
    String record = "{\"id\": \"a\", \"t\": 1, \"m\": {\"x\": 1}, \"l\": [{\"v\": 2}]}";
    assertThat(read("each: m\nseries: id\ntime: t\nvalues: $each.value", record))
        .containsExactly(
            "invalid-field: id must be in an object: id; the record itself has it, as $.id (m.x)");
    assertThat(read("each: l\nseries: $.id\ntime: t\nvalues: v", record))
        .containsExactly(
            "missing-field: field must be there and not null: t; the record itself has it, as $.t (l[0])");
  }

  @Test
  void shouldTellSeriesAndTimeOfWhatIsRefusedWhereTheyAreKnown() {
    ParseMeasurements parser =
        Samples.parser(config("format: json", "each: $\nseries: id\ntime: t\nvalues: v"));
    assertThat(refused(parser, "[{\"id\": \"a\", \"t\": 5, \"v\": \"x\"}]")).isEqualTo("a 5");
    assertThat(
            refused(
                parser,
                "[{\"id\": \"a\", \"t\": 5, \"v\": \"x\"}, {\"id\": \"a\", \"t\": 6, \"v\": true}]"))
        .isEqualTo("a null");
    assertThat(
            refused(
                parser,
                "[{\"id\": \"a\", \"t\": 5, \"v\": \"x\"}, {\"id\": \"b\", \"t\": 5, \"v\": true}]"))
        .isEqualTo("null 5");
    assertThat(refused(parser, "[{\"id\": \"a\", \"t\": \"x\", \"v\": 1}]")).isEqualTo("a null");
    assertThat(refused(parser, "[{\"id\": \"a\", \"t\": 9e15, \"v\": 1}]"))
        .isEqualTo("a 9000000000000000");
    assertThat(refused(parser, "[{\"id\": \"\\ud800\", \"t\": 5, \"v\": 1}]")).isEqualTo("null 5");
  }

  private static String refused(ParseMeasurements parser, String record) {
    var rejection =
        parser.parse(Samples.source(bytes(record)), Samples.NO_HEADERS).get(0).rejection();
    return rejection.series() + " " + rejection.timeMillis();
  }

  @Test
  void shouldGoOverAMapOfArraysOfMapsAtTheRoot() {
    assertThat(
            read(
                "each: \"*[*].values.*\"\nseries: [^^$each.key, $each.key]\ntime: ^.ts\nvalues: $each.value",
                """
                {"Device A": [{"ts": 1, "values": {"t": 42, "h": 80}}, {"ts": 2, "values": {"t": 43}}],
                 "Device B": [{"ts": 3, "values": {"t": 7}}]}
                """))
        .containsExactly(
            "Device A/t 1 [42.0]",
            "Device A/h 1 [80.0]",
            "Device A/t 2 [43.0]",
            "Device B/t 3 [7.0]");
  }

  @Test
  void shouldGoOverTheValueItself() {
    String record =
        "[{\"dev\": \"a\", \"t\": 1, \"v\": 0}, null, {\"dev\": \"b\", \"t\": 1, \"v\": 10}]";
    for (String each : List.of("$", "\"[*]\"", "\"$[*]\"")) {
      assertThat(read("each: " + each + "\nseries: dev\ntime: t\nvalues: v", record))
          .containsExactly(
              "a 1 [0.0]",
              "b 1 [10.0]",
              "missing-field: field must be there and not null: dev ([1])"
                  + " (1 of the 3 observations of the record are refused so)");
    }
    assertThat(read("each: $\nseries: dev\ntime: t\nvalues: v", "[]"))
        .containsExactly("1 no-elements");
    assertThat(read("each: $\nseries: dev\ntime: t\nvalues: v", "5"))
        .containsExactly("invalid-field: field must be an array or a map to go over: the value=5");
  }

  @Test
  void shouldReadPairsOfTimeAndValue() {
    assertThat(
            read(
                """
                each: timeseries[*].samples[*]
                series: [^.labels.__name__, ^.labels.instance]
                time: "[0]"
                values: "[1]"
                allow-numeric-strings: true
                """,
                """
                {"timeseries": [{"labels": {"__name__": "up", "instance": "a:9100"},
                 "samples": [[1714521600000, "1"], [1714521615000, "0.5"]]}]}
                """))
        .containsExactly("up/a:9100 1714521600000 [1.0]", "up/a:9100 1714521615000 [0.5]");
  }

  @Test
  void shouldReadTheRecordsOfPlatforms() {
    assertThat(
            read(
                "series: entity\ntime: state.reported.ts || ts\nvalues: state.reported.temp || temp\nwhere: {state.reported.temp || temp: {exists: true}}"
                    .replace("entity", "$key"),
                "{\"state\": {\"reported\": {\"temp\": 21.5, \"ts\": 7}}, \"metadata\": {\"reported\": {\"temp\": {\"timestamp\": 1}}}, \"version\": 3}"))
        .as("a device shadow of AWS IoT")
        .containsExactly("k 7 [21.5]");
    assertThat(
            read(
                "series: systemProperties.iothub-connection-device-id\ntime: systemProperties.iothub-enqueuedtime\ntime-format: iso-8601\nvalues: body.temperature",
                "{\"enqueuedTime\": \"x\", \"properties\": {}, \"systemProperties\": {\"iothub-connection-device-id\": \"d-1\", \"iothub-enqueuedtime\": \"2024-05-01T00:00:00.5Z\"}, \"body\": \"eyJ0ZW1wZXJhdHVyZSI6IDIxLjV9\"}"))
        .as("a message of Azure's hub")
        .containsExactly("d-1 1714521600500 [21.5]");
    assertThat(
            read(
                "series: source\ntime: time\ntime-format: iso-8601\nvalues: data.kwh\nwhere: {type: com.example.reading}",
                "{\"specversion\": \"1.0\", \"type\": \"com.example.reading\", \"source\": \"/meters/7\", \"id\": \"1\", \"time\": \"2024-05-01T00:00:00Z\", \"datacontenttype\": \"application/json\", \"data\": {\"kwh\": 1.5}}"))
        .as("a structured event")
        .containsExactly("/meters/7 1714521600000 [1.5]");
    assertThat(
            read(
                "series: [labels.__name__, labels.instance]\ntime: timestamp\ntime-format: iso-8601\nvalues: value\nallow-numeric-strings: true",
                "{\"timestamp\": \"2024-05-01T00:00:00Z\", \"value\": \"9876543210\", \"name\": \"up\", \"labels\": {\"__name__\": \"up\", \"instance\": \"a:9100\"}}"))
        .as("a sample of a remote-write adapter")
        .containsExactly("up/a:9100 1714521600000 [9.87654321E9]");
    assertThat(
            read(
                "each: \"[*].values.*\"\nseries: [$topic, $each.key]\ntime: ^.ts\nvalues: $each.value",
                "[{\"ts\": 1, \"values\": {\"t\": 1, \"h\": 2}}, {\"ts\": 2, \"values\": {\"t\": 3}}]"))
        .as("telemetry of ThingsBoard")
        .containsExactly(
            "observations/t 1 [1.0]", "observations/h 1 [2.0]", "observations/t 2 [3.0]");
  }

  @Test
  void shouldReadOneLineAfterTheOther() {
    assertThat(
            parse(
                "format: json, json-layout: lines",
                "series: id\ntime: t\nvalues: v",
                bytes(
                    "{\"id\": \"a\", \"t\": 1, \"v\": 1}\r\n\n{\"id\": \n{\"id\": \"b\", \"t\": 2, \"v\": 2}\n")))
        .containsExactly(
            "a 1 [1.0]",
            "b 2 [2.0]",
            "malformed: value must be one whole JSON value: it ends before it is complete at line 1,"
                + " column 8 (line 3) (1 of the 3 observations of the record are refused so)");
  }

  @Test
  void shouldGoOnIntoJsonThatIsText() {
    String inner = "{\"after\": {\"id\": \"a\", \"t\": 7, \"v\": 1.5}}";
    String encoded = Base64.getEncoder().encodeToString(bytes(inner));
    String mapping = "series: body.after.id\ntime: body.after.t\nvalues: body.after.v";
    assertThat(read(mapping, "{\"body\": \"%s\"}".formatted(inner.replace("\"", "\\\""))))
        .containsExactly("a 7 [1.5]");
    assertThat(read(mapping, "{\"body\": \"%s\"}".formatted(encoded))).containsExactly("a 7 [1.5]");
    assertThat(read(mapping, "{\"body\": \"%s\"}".formatted("{\\\"after\\\": {")))
        .containsExactly(
            "malformed: text must be one whole JSON value: it ends before it is complete at line 1, column 12");
    assertThat(read(mapping, "{\"body\": \"hello\"}"))
        .containsExactly("invalid-field: after must be in an object: body.after.id");
    assertThat(
            read(
                "each: body\nseries: id\ntime: t\nvalues: v",
                "{\"body\": \"%s\"}"
                    .formatted(
                        Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(
                                bytes("[{\"id\": \"\u00ff\u00fe?>\", \"t\": 1, \"v\": 2}]")))))
        .containsExactly("\u00ff\u00fe?> 1 [2.0]");
  }

  @Test
  void shouldPickByNameAmongElementsThatAreInAText() {
    String inner = "[{\"n\": \"hum\", \"v\": 40}, {\"n\": \"temp\", \"v\": 21.5}]";
    String encoded = Base64.getEncoder().encodeToString(bytes(inner));
    String record = "{\"s\": \"a\", \"t\": 5, \"body\": \"%s\"}";
    String mapping = "series: s\ntime: t\nvalues: \"body[n=temp].v\"";
    for (String body : List.of(inner.replace("\"", "\\\""), encoded)) {
      assertThat(read(mapping, record.formatted(body))).containsExactly("a 5 [21.5]");
      assertThat(read("series: s\ntime: t\nvalues: \"body[1].v\"", record.formatted(body)))
          .as("by its number, and of the other that is told")
          .containsExactly("a 5 [21.5]", "1 not-in-the-mapping");
    }
    assertThat(
            read(
                "series: body\ntime: t\nvalues: \"body[n=temp].v\"",
                record.formatted(inner.replace("\"", "\\\""))))
        .as("the text itself where no path goes on into it")
        .containsExactly(inner + " 5 [21.5]");
    assertThat(read(mapping, record.formatted("hello")))
        .containsExactly("invalid-field: [n=temp] must be in an array: body[n=temp].v");
    assertThat(read(mapping, record.formatted("{\\\"n\\\": \\\"temp\\\"}")))
        .containsExactly("invalid-field: [n=temp] must be in an array: body[n=temp].v");
    assertThat(read(mapping, record.formatted("[{")))
        .containsExactly(
            "malformed: text must be one whole JSON value: it ends before it is complete at line 1, column 3");
  }

  @Test
  void shouldTakeTheEncodingOffAValue() {
    String mapping = "series: id\ntime: t\nvalues: v";
    String json = "{\"id\": \"a\", \"t\": 1, \"v\": 1}";
    String text = Base64.getMimeEncoder().encodeToString(bytes(json));
    for (String one : List.of(text, "\"" + text + "\"\n")) {
      assertThat(parse("format: json, value-encoding: base64", mapping, bytes(one)))
          .containsExactly("a 1 [1.0]");
    }
    assertThat(parse("format: json, value-encoding: base64", mapping, bytes(json)))
        .containsExactly("malformed: value must be base64: it is not of that alphabet or length");
    assertThat(parse("format: json, value-encoding: gzip", mapping, bytes(json)))
        .containsExactly("malformed: value must be gzip: it cannot be unpacked");
  }

  /** What reads the first of several would lose the others without a word. */
  @Test
  void shouldTellOfElementsThatAMappingDoesNotRead() {
    String mapping = "series: \"[0].dev\"\ntime: \"[0].t\"\nvalues: \"[0].v\"";
    assertThat(read(mapping, "[{\"dev\": \"a\", \"t\": 1, \"v\": 0}, {\"dev\": \"b\"}, {}]"))
        .containsExactly("a 1 [0.0]", "2 not-in-the-mapping");
    assertThat(read(mapping, "[{\"dev\": \"a\", \"t\": 1, \"v\": 0}]"))
        .containsExactly("a 1 [0.0]");
    assertThat(read("series: \"[0]\"\ntime: \"[1]\"\nvalues: \"[2][0]\"", "[\"k\", 5, [1, 2]]"))
        .as("parts of one observation")
        .containsExactly("k 5 [1.0]");
  }

  @Test
  void shouldMakeOneDeadLetterOfAReasonHoweverManyElementsHaveIt() {
    StringBuilder record = new StringBuilder("[");
    for (int i = 0; i < 100; i++) {
      record.append(i == 0 ? "" : ",");
      record.append(
          "{\"dev\": \"%s\", \"t\": %d, \"v\": %s}"
              .formatted(i % 10 == 1 ? " " : "d", i, i % 5 == 3 ? "\"x\"" : i));
    }
    List<String> all =
        read("each: $\nseries: dev\ntime: t\nvalues: v", record.append("]").toString());
    assertThat(all).hasSize(72);
    assertThat(all.subList(70, 72))
        .containsExactlyInAnyOrder(
            "invalid-field: field must be a number: v=\"x\" ([3]) (20 of the 100 observations of the record are refused so)",
            "invalid-series: series must have 1 to 255 characters, not all blank: length=1 (10 of the 100 observations of the record are refused so)");
  }

  @Test
  void shouldDecideByEveryKindOfCondition() {
    String mapping = "series: id\ntime: t\nvalues: v\nwhere: ";
    String record =
        "{\"id\": \"a\", \"t\": 1, \"v\": 1, \"n\": 5, \"big\": 9007199254740993, \"s\": \"05\", \"on\": true, \"o\": {}, \"null\": null}";
    for (String holds :
        List.of(
            "{n: 5}",
            "{n: 5.0}",
            "{n: \"5\"}",
            "{s: \"05\"}",
            "{s: 5}",
            "{on: true}",
            "{on: \"true\"}",
            "{big: 9007199254740993}",
            "{id: [x, a]}",
            "{id: {in: [x, a]}, n: {equals: 5}}",
            "{id: {matches: \"[a-c]\"}}",
            "{o: {exists: true}}",
            "{id.x: {exists: false}}",
            "{\"null\": {exists: false}}",
            "{x: {exists: false}}",
            "{$topic: observations}",
            "{\"$.id\": a}")) {
      assertThat(read(mapping + holds, record)).as(holds).containsExactly("a 1 [1.0]");
    }
    for (String fails :
        List.of(
            "{n: 6}",
            "{s: \"5\"}",
            "{big: 9007199254740992}",
            "{id: A}",
            "{id: {matches: \"[b-c]\"}}",
            "{id: a, n: 6}",
            "{id: {in: [a], matches: b}}",
            "{o: {exists: false}}",
            "{o: {matches: .*}}",
            "{x: 1}",
            "{id.x: 1}",
            "{\"null\": {exists: true}}")) {
      assertThat(read(mapping + fails, record)).as(fails).containsExactly("1 not-asked-for");
    }
  }

  /** Whether it is asked for is not known, and what is lost must be told. */
  @Test
  void shouldRefuseWhatAConditionCannotRead() {
    String mapping = "series: s\ntime: t\nvalues: v\nwhere: ";
    String cut = "{\"s\": \"a\", \"t\": 5, \"v\": 1, \"body\": \"{\\\"n\\\": \\\"temp\\\"\"}";
    String malformed =
        "malformed: text must be one whole JSON value: it ends before it is complete at line 1, column 13";
    for (String where :
        List.of(
            "{body.n: temp}",
            "{body.n: {exists: false}}",
            "{s: a, body.n: temp}",
            "{body.n || n: temp}",
            "{body.n || s.n: temp}")) {
      assertThat(read(mapping + where, cut)).as(where).containsExactly(malformed);
    }
    for (String where : List.of("{s: b, body.n: temp}", "{body.n: temp, s: b}")) {
      assertThat(read(mapping + where, cut))
          .as("%s: not asked for, whatever is in the text", where)
          .containsExactly("1 not-asked-for");
    }
    assertThat(read(mapping + "{body.n: temp}", cut.replace("{\\\"n", "no {\\\"n")))
        .as("a text in which there is nothing")
        .containsExactly("1 not-asked-for");
    assertThat(
            read(
                "each: l\nseries: ^.s\ntime: ^.t\nvalues: v\nwhere: {\"tags[key=x].v\": 1}",
                """
                {"s": "a", "t": 5, "l": [
                  {"v": 1, "tags": [{"key": "x", "v": 1}, {"key": "x", "v": 2}]},
                  {"v": 2, "tags": [{"key": "x", "v": 1}]},
                  {"v": 3, "tags": "none"}]}
                """))
        .containsExactly(
            "a 5 [2.0]",
            "invalid-field: [key=x] must pick one element, and there are several of that name:"
                + " tags[key=x].v (l[0]) (1 of the 3 observations of the record are refused so)",
            "1 not-asked-for");
  }

  @Test
  void shouldReadAMillionElementsOneByOne() {
    byte[] bytes = new byte[1 + 9 * 1_000_000];
    bytes[0] = '[';
    for (int i = 0; i < 1_000_000; i++) {
      System.arraycopy(bytes("[1.5,-2],"), 0, bytes, 1 + 9 * i, 9);
    }
    bytes[bytes.length - 1] = ']';
    ParseMeasurements parser =
        Samples.parser(
            config("format: json", "each: $\nseries: $topic\ntime: \"[1]\"\nvalues: \"[0]\""));
    int[] accepted = {0, 0};
    parser.parse(
        Samples.source(bytes),
        Samples.NO_HEADERS,
        one -> accepted[one.accepted() == null || one.accepted().timeMillis() != -2 ? 1 : 0]++);
    assertThat(accepted).containsExactly(1_000_000, 0);
  }

  private static List<String> read(String mapping, String record) {
    return parse("format: json", mapping, bytes(record));
  }

  private static List<String> parse(String source, String mapping, byte[] record) {
    return Samples.parser(config(source, mapping))
        .parse(
            new SourceRecord("observations", 0, 1, Samples.NOW, bytes("k"), record),
            Samples.NO_HEADERS)
        .stream()
        .map(JsonMappingTest::described)
        .toList();
  }

  private static JobConfig config(String source, String mapping) {
    return Samples.config(
        "source:\n  %s\n  mapping:\n    %s"
            .formatted(source.replace(", ", "\n  "), mapping.strip().replace("\n", "\n    ")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
