package io.tidecast.flink.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelCommand.Action;
import io.tidecast.flink.record.ParsedCommand;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.testing.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandJsonTest {

  private static final String SHA256 =
      "6f1c2d3e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff0";

  /** One of each kind, as the examples of the schema have them. */
  private static final List<ModelCommand> COMMANDS =
      List.of(
          new ModelCommand("c-1", Action.LOAD, "default", "s3://models/demand/3", null, null),
          new ModelCommand(
              "c-2",
              Action.ACTIVATE,
              "default",
              "s3://models/demand/3",
              SHA256,
              millis("2026-11-30T00:00:00Z")),
          new ModelCommand(
              "c-3", Action.ACTIVATE, "heat", "/var/lib/models/heat/\"2\"", null, null),
          new ModelCommand(
              "c-4", Action.SHADOW, "heat", "file:///var/lib/models/heat/3", null, null),
          new ModelCommand(
              "c-5", Action.ROLL_BACK, "default", null, null, millis("2026-11-30T00:00:00.250Z")),
          new ModelCommand(
              "c-6", Action.RETIRE, "heat", "file:///var/lib/models/heat/3", null, null));

  private static long millis(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  @Test
  void shouldWriteTheExamplesOfTheSchemaAndReadThem() throws IOException {
    List<String> examples =
        Files.readAllLines(
            Path.of(System.getProperty("tidecast.root"))
                .resolve("schemas/src/test/resources/io/tidecast/schemas/model-commands-1.jsonl"));
    assertThat(COMMANDS)
        .map(command -> new String(CommandJson.write(command), StandardCharsets.UTF_8))
        .isEqualTo(examples);
    assertThat(examples).map(json -> parse(json).accepted()).isEqualTo(COMMANDS);
  }

  @Test
  void shouldTakeWhatALazyWriterLeavesOut() {
    assertThat(
            parse("{\"action\": \"activate\", \"path\": \"/m/2\", \"id\": null, \"slot\": null}"))
        .isEqualTo(
            new ParsedCommand(
                new ModelCommand(
                    "observations-3-42", Action.ACTIVATE, "default", "/m/2", null, null),
                null));
  }

  @Test
  void shouldReadOriginsOfAnyZoneAndDigitsOfAnyCase() {
    ModelCommand command =
        parse(
                "{\"action\": \"activate\", \"path\": \"/m/2\", \"sha256\": \"%s\", \"fromOrigin\": \"2026-11-30T01:00+01:00\"}"
                    .formatted(SHA256.toUpperCase(Locale.ROOT)))
            .accepted();
    assertThat(command.sha256()).isEqualTo(SHA256);
    assertThat(command.fromOriginMillis()).isEqualTo(millis("2026-11-30T00:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"action\": \"load\"                    | malformed     | value must be one whole JSON value",
        "{\"action\": \"load\"} {}                | malformed     | value must be one whole JSON value",
        "{\"action\": \"load\", \"action\": \"x\"} | malformed     | an object has a name twice",
        "[\"load\"]                               | malformed     | must be a JSON object",
        "\"{}\"                                   | malformed     | must be a JSON object",
        "null                                     | malformed     | must be a JSON object",
        "{}                                       | missing-field | action, one of load, activate, shadow, roll-back, retire",
        "{\"action\": null}                       | missing-field | action",
        "{\"action\": \"swap\"}                   | invalid-field | must be one of load, activate, shadow, roll-back, retire: action=\"swap\"",
        "{\"action\": \"Load\"}                   | invalid-field | action=\"Load\"",
        "{\"action\": 7}                          | invalid-field | action=7",
        "{\"action\": \"load\"}                   | missing-field | path, the folder of the version",
        "{\"action\": \"load\", \"path\": \" \"}  | invalid-field | must be text of 1 to 4096 characters, not all blank: path=\" \"",
        "{\"action\": \"load\", \"path\": [1]}    | invalid-field | path=something with parts",
        "{\"action\": \"load\", \"path\": \"models/demand/3\"} | invalid-field | must be a URI, or a path from the root on",
        "{\"action\": \"load\", \"path\": \"a\\u0000b\"} | invalid-field | must be a URI, or a path from the root on",
        "{\"action\": \"load\", \"path\": \"/m\", \"slot\": 1} | invalid-field | slot=1",
        "{\"action\": \"load\", \"path\": \"/m\", \"id\": \"\"} | invalid-field | id=\"\"",
        "{\"action\": \"load\", \"path\": \"/m\", \"sha256\": \"12\"} | invalid-field | must be the 64 hexadecimal digits of a SHA-256: sha256=\"12\"",
        "{\"action\": \"load\", \"path\": \"/m\", \"fromOrigin\": \"2026-11-30T00:00:00Z\"} | invalid-field | must be left out where action is neither activate nor roll-back: fromOrigin",
        "{\"action\": \"activate\", \"path\": \"/m\", \"fromOrigin\": \"2026-11-30T00:00:00\"} | invalid-field | a time of ISO 8601 with its zone",
        "{\"action\": \"activate\", \"path\": \"/m\", \"fromOrigin\": 1} | invalid-field | fromOrigin=1",
        "{\"action\": \"activate\", \"path\": \"/m\", \"fromOrigin\": \"+999999999-01-01T00:00:00Z\"} | invalid-field | fromOrigin",
        "{\"action\": \"roll-back\", \"path\": \"/m\"} | invalid-field | must be left out of a roll-back",
        "{\"action\": \"roll-back\", \"sha256\": \"12\"} | invalid-field | must be left out of a roll-back",
        "{\"action\": \"load\", \"path\": \"/m\", \"pth\": 1} | invalid-field | must be one of id, action, slot, path, sha256, fromOrigin: pth",
      })
  void shouldSayWhatIsWrong(String json, String reason, String detail) {
    Rejection rejection = parse(json).rejection();
    assertThat(rejection.code().code()).isEqualTo(reason);
    assertThat(rejection.detail()).contains(detail);
    assertThat(rejection.source().value()).isEqualTo(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldReadTheRecordsOfTheGuide() throws IOException {
    String page =
        Files.readString(
            Path.of(System.getProperty("tidecast.root")).resolve("docs/how-to/swap-models.md"));
    List<String> records =
        Pattern.compile("^```json\\n(.+?)\\n```|^echo '(.+?)'", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
            .toList();
    assertThat(records).hasSize(2).allSatisfy(json -> assertThat(parse(json).rejection()).isNull());
  }

  @Test
  void shouldTakeATombstoneForMalformed() {
    assertThat(parse((byte[]) null).rejection().code().code()).isEqualTo("malformed");
  }

  private static ParsedCommand parse(String json) {
    return parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static ParsedCommand parse(byte[] value) {
    ParseCommands parser = new ParseCommands(1_000, () -> Samples.NOW);
    parser.open(null);
    return parser.parse(Samples.source(value), Samples.NO_HEADERS);
  }
}
