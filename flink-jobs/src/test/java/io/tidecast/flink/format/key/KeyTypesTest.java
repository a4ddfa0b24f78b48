package io.tidecast.flink.format.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.format.JsonMappingTest;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTypesTest {

  /** Type, path, key as text or as the hex of its bytes, series or what is said. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "     | $key         | meter-1           | meter-1",
        "     | $key         | Zähler 1          | Zähler 1",
        "     | $key         | [not json         | [not json",
        "     | $key         | 4711              | 4711",
        "     | $key         | #0000000000001267 | key must be UTF-8 text, and it has the control character U+0000: $key of 8 bytes; set source.key-type to long if it is a number",
        "     | $key         | #00000000000000c8 | key must be UTF-8 text, and it is not UTF-8: $key of 8 bytes; set source.key-type to long if it is a number",
        "     | $key         | #00001267         | key must be UTF-8 text, and it has the control character U+0000: $key of 4 bytes; set source.key-type to int if it is a number",
        "     | $key         | #00000000010e6d657465722d31 | key must be UTF-8 text, and it has the control character U+0000: $key of 13 bytes; set source.key-type to avro, protobuf or json if a registry has its schema",
        "     | $key         | `\"meter-2\"`     | key must be plain text, and it is JSON: set source.key-type to json, or to text to take it as it is: $key=\"meter-2\"",
        "     | $key         | `{\"meter\":\"m4\"}` | key must be plain text, and it is JSON: set source.key-type to json, or to text to take it as it is: $key={\"meter\":\"m4\"}",
        "text | $key         | `\"meter-2\"`     | \"meter-2\"",
        "text | $key         | #0000000000001267 | key must be UTF-8 text, and it has the control character U+0000: $key of 8 bytes; set source.key-type to long if it is a number",
        "long | $key         | #0000000000001267 | 4711",
        "long | $key         | #00000000000000c8 | 200",
        "long | $key         | #ffffffffffffffff | -1",
        "long | $key         | #00001267         | key must have 8 bytes with source.key-type=long: length=4",
        "int  | $key         | #00001267         | 4711",
        "int  | $key         | meter-1           | key must have 4 bytes with source.key-type=int: length=7",
        "uuid | $key         | #123e4567e89b12d3a456426614174000 | 123e4567-e89b-12d3-a456-426614174000",
        "json | $key         | `\"meter-2\"`     | meter-2",
        "json | $key         | 17                | 17",
        "json | $key.meter   | `{\"meter\":\"m4\"}` | m4",
        "json | $key.payload | `{\"schema\":{\"type\":\"string\"},\"payload\":\"meter-3\"}` | meter-3",
        "json | $key.payload.id | `{\"schema\":{\"type\":\"struct\"},\"payload\":{\"id\": 8}}` | 8",
        "json | $key.ids[1]  | `{\"ids\":[1, 2]}` | 2",
        "json | $key.other   | `{\"meter\":\"m4\"}` | field must be there and not null: $key.other",
        "json | $key.other   | 17                | other must be in an object: $key.other",
        "json | $key         | `{\"meter\":\"m4\"}` | field must be text or a whole number: $key=something with parts",
        "json | $key         | meter-1           | key must be JSON with source.key-type=json: value must be one whole JSON value: unexpected \"meter-1\" at line 1, column 1",
      })
  void shouldReadKeysOfTheirType(String type, String path, String key, String expected) {
    byte[] bytes =
        key.startsWith("#")
            ? HexFormat.of().parseHex(key.substring(1))
            : key.getBytes(StandardCharsets.UTF_8);
    assertThat(read(type, path, bytes))
        .isEqualTo(expected.contains(" must ") ? expected : expected + " 1 [2.0]");
  }

  @Test
  void shouldMissAKeyThatIsNotThere() {
    for (String type : new String[] {null, "long", "json"}) {
      assertThat(read(type, "$key", null)).isEqualTo("field must be there and not null: $key");
    }
  }

  @Test
  void shouldNotLookAtAKeyThatNobodyAsksFor() {
    assertThat(read("long", "$topic", new byte[] {1})).isEqualTo("t 1 [2.0]");
  }

  private static String read(String type, String path, byte[] key) {
    String source =
        "source: {format: json, %smapping: {series: %s, time: t, values: v}}"
            .formatted(type == null ? "" : "key-type: " + type + ", ", "'" + path + "'");
    byte[] value = "{\"t\": 1, \"v\": 2}".getBytes(StandardCharsets.UTF_8);
    ParsedMeasurement parsed =
        Samples.parser(Samples.config(source))
            .parse(new SourceRecord("t", 0, 1, 5, key, value), Samples.NO_HEADERS)
            .get(0);
    return parsed.rejection() == null
        ? JsonMappingTest.outcome(parsed)
        : parsed.rejection().detail();
  }
}
