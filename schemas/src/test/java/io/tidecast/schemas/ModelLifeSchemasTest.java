package io.tidecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The schemas of commands and events, over the very records that the job and the command line are
 * held to write.
 */
class ModelLifeSchemasTest {

  private static final List<String> COMMANDS = lines("model-commands-1.jsonl");
  private static final List<String> EVENTS = lines("model-events-1.jsonl");

  private final JsonSchema commands = schema("model-command.schema.json");
  private final JsonSchema events = schema("model-event.schema.json");

  private static JsonSchema schema(String file) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(ModelLifeSchemasTest.class.getResourceAsStream(file));
  }

  private static List<String> lines(String file) {
    return new String(Examples.stored(file), StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void shouldAcceptWhatIsWritten() {
    assertThat(COMMANDS)
        .hasSize(6)
        .allSatisfy(json -> assertThat(commands.validate(json, InputFormat.JSON)).isEmpty());
    assertThat(EVENTS)
        .hasSize(10)
        .allSatisfy(json -> assertThat(events.validate(json, InputFormat.JSON)).isEmpty());
  }

  @Test
  void shouldAcceptTheShortestCommands() {
    assertThat(
            commands.validate("{\"action\": \"activate\", \"path\": \"/m/2\"}", InputFormat.JSON))
        .isEmpty();
    assertThat(commands.validate("{\"action\": \"roll-back\", \"path\": null}", InputFormat.JSON))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"action\": \"activate\"}",
        "{\"action\": \"activate\", \"path\": null}",
        "{\"action\": \"start\", \"path\": \"/m/2\"}",
        "{\"action\": \"ACTIVATE\", \"path\": \"/m/2\"}",
        "{\"action\": \"roll-back\", \"path\": \"/m/2\"}",
        "{\"action\": \"load\", \"path\": \"/m/2\", \"fromOrigin\": \"2026-11-30T00:00:00Z\"}",
        "{\"action\": \"load\", \"path\": \"/m/2\", \"version\": 2}",
        "{\"action\": \"load\", \"path\": \"/m/2\", \"sha256\": \"abc\"}",
        "{\"action\": \"load\", \"path\": 7}",
        "{\"action\": \"load\", \"path\": \"/m/2\", \"slot\": \" \"}",
      })
  void shouldRefuseWhatIsNoCommand(String json) {
    assertThat(commands.validate(json, InputFormat.JSON)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"fromOrigin\":null  | \"fromOrigin\":\"2026-11-30T00:00:00Z\"",
        "\"kind\":\"ready\"   | \"kind\":\"failed\"",
        "\"kind\":\"ready\"   | \"kind\":\"refused\"",
        "\"kind\":\"ready\"   | \"kind\":\"loaded\"",
        "\"stage\":null       | \"stage\":\"fetch\"",
        "\"subtask\":0        | \"subtask\":-1",
        "\"subtask\":0,       | ''",
      })
  void shouldRefuseWhatIsNoEvent(String right, String wrong) {
    String json = EVENTS.get(0).replace(right, wrong);
    assertThat(json).isNotEqualTo(EVENTS.get(0));
    assertThat(events.validate(json, InputFormat.JSON)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"metric\":\"mae\"",
        ",\"pValue\":9.1552734375E-4",
        ",\"otherModelId\":\"demand\"",
        ",\"loss\":0.71"
      })
  void shouldRefuseADecisionWithoutItsFigures(String figure) {
    String json = EVENTS.get(6).replace(figure, "");
    assertThat(json).isNotEqualTo(EVENTS.get(6));
    assertThat(events.validate(json, InputFormat.JSON)).isNotEmpty();
  }
}
