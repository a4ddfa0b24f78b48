package io.tidecast.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The schema that others check their manifests with, against what this module writes. */
class ManifestSchemaTest {

  @Test
  void shouldWriteManifestsThatTheSchemaAccepts() throws Exception {
    JsonSchema schema = schema();

    assertThat(schema.validate(TestModels.patchTst().manifest().toJson(), InputFormat.JSON))
        .isEmpty();
    assertThat(schema.validate(TestModels.withQuantiles().manifest().toJson(), InputFormat.JSON))
        .isEmpty();
  }

  @Test
  void shouldKnowTheKeysOfTheSchemaAndNoOthers() throws Exception {
    String json = TestModels.identity().manifest().toJson().replace("\"id\"", "\"name\"");

    assertThat(schema().validate(json, InputFormat.JSON)).hasSize(2);
  }

  private static JsonSchema schema() throws Exception {
    Path file =
        Path.of(
            System.getProperty("tidecast.root"),
            "schemas/src/main/resources/io/tidecast/schemas/model-manifest.schema.json");
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Files.readString(file));
  }
}
