package io.tidecast.runtime.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.tidecast.runtime.manifest.ModelManifest.Patches.Padding;
import io.tidecast.runtime.testing.RichModels;
import io.tidecast.runtime.testing.TestModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The schema that others check their manifests with, against what this module writes. */
class ManifestSchemaTest {

  private static final Path FILE =
      Path.of(
          System.getProperty("tidecast.root"),
          "schemas/src/main/resources/io/tidecast/schemas/model-manifest.schema.json");

  @Test
  void shouldWriteManifestsThatTheSchemaAccepts() throws Exception {
    JsonSchema schema = schema();

    assertThat(schema.validate(TestModels.patchTst().manifest().toJson(), InputFormat.JSON))
        .isEmpty();
    assertThat(schema.validate(RichModels.everyInput().manifest().toJson(), InputFormat.JSON))
        .isEmpty();
    assertThat(schema.validate(RichModels.calendarAndNoise().manifest().toJson(), InputFormat.JSON))
        .isEmpty();
    assertThat(schema.validate(RichModels.jointQuantiles().manifest().toJson(), InputFormat.JSON))
        .isEmpty();
    assertThat(schema.validate(TestModels.meanOfKnown().manifest().toJson(), InputFormat.JSON))
        .isEmpty();
    String patches = TestModels.patches(Padding.LEFT, true, -1).manifest().toJson();
    assertThat(schema.validate(patches, InputFormat.JSON)).isEmpty();
    String rollout = TestModels.rollingOut(TestModels.identity(), 9).manifest().toJson();
    assertThat(schema.validate(rollout, InputFormat.JSON)).isEmpty();
    assertThat(schema.validate(TestModels.withQuantiles().manifest().toJson(), InputFormat.JSON))
        .isEmpty();
  }

  @Test
  void shouldDescribeWeightsBesideTheGraph() throws Exception {
    String json =
        TestModels.identity()
            .manifest()
            .toJson()
            .replace(
                "\"training\" :",
                "\"weights\" : [ {\"file\" : \"%s\", \"sha256\" : \"%s\", \"bytes\" : 9} ],"
                        .formatted("model.onnx.data", "0".repeat(64))
                    + " \"training\" :");
    assertThat(schema().validate(json, InputFormat.JSON)).isEmpty();
    assertThat(schema().validate(ModelManifest.parse(json).toJson(), InputFormat.JSON)).isEmpty();
    assertThat(schema().validate(json.replace("model.onnx.data", "../x"), InputFormat.JSON))
        .hasSize(1);
  }

  /** Of models from other tools: what their tensors are, beyond name, role, axes and type. */
  @Test
  void shouldDescribeTensorsOfOtherTools() throws Exception {
    String tensors =
        """
        "inputs": [
          {"name": "x", "role": "context", "layout": "batch,1,lag", "type": "float64", "shape": [-1, 1, 4], "columns": ["a"]},
          {"name": "m", "role": "observed_mask", "layout": "batch,time*channel", "type": "bool", "shape": [-1, 4]},
          {"name": "h", "role": "future_time_features", "layout": "batch,time+horizon", "type": "int64", "shape": [-1, 8], "numbers": "from_zero"},
          {"name": "s", "role": "constant", "layout": "", "type": "int32", "shape": [], "values": [3]}],
        "outputs": [
          {"name": "q", "role": "quantiles", "layout": "level,batch,horizon", "type": "float16", "shape": [1, -1, 4], "levels": [0.5]},
          {"name": "l", "role": "ignored", "layout": "batch,axis_1", "type": "float32", "shape": [-1, 1]}],
        """;
    String json = TestModels.identity().manifest().toJson();
    int from = json.indexOf("\"inputs\"");
    int to = json.indexOf("\"quantileLevels\"");
    String other =
        (json.substring(0, from) + tensors + json.substring(to))
            .replace("\"quantileLevels\" : [ ]", "\"quantileLevels\" : [ 0.5 ]");
    assertThat(schema().validate(other, InputFormat.JSON)).isEmpty();
    String written = ModelManifest.parse(other.replace("\"a\"", "\"channel\"")).toJson();
    assertThat(schema().validate(written, InputFormat.JSON)).isEmpty();
    assertThat(schema().validate(other.replace("from_zero", "from_one"), InputFormat.JSON))
        .hasSize(1);
  }

  @Test
  void shouldDescribeThePrecision() throws Exception {
    String json =
        TestModels.identity()
            .manifest()
            .toJson()
            .replace("\"sha256\" :", "\"precision\" : \"fp16\", \"sha256\" :");
    assertThat(schema().validate(ModelManifest.parse(json).toJson(), InputFormat.JSON)).isEmpty();
    assertThat(schema().validate(json.replace("fp16", "int8"), InputFormat.JSON)).hasSize(1);
  }

  @Test
  void shouldKnowTheKeysOfTheSchemaAndNoOthers() throws Exception {
    String json = TestModels.identity().manifest().toJson().replace("\"id\"", "\"name\"");

    assertThat(schema().validate(json, InputFormat.JSON)).hasSize(2);
  }

  @Test
  void shouldKnowTheCalendarFeaturesOfTheSchemaAndNoOthers() throws Exception {
    JsonNode names =
        new ObjectMapper()
            .readTree(Files.readString(FILE))
            .at("/properties/timeFeatures/items/enum");

    assertThat(names.valueStream().map(JsonNode::textValue))
        .containsExactlyElementsOf(
            Arrays.stream(CalendarFeature.values()).map(CalendarFeature::key).toList());
  }

  private static JsonSchema schema() throws Exception {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Files.readString(FILE));
  }
}
