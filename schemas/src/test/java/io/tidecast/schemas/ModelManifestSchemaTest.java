package io.tidecast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelManifestSchemaTest {

  private static final String EXAMPLE =
      new String(Examples.stored("manifest-1.json"), StandardCharsets.UTF_8);

  /** Of version 2, with quantiles of two targets. */
  private static final String JOINT =
      new String(Examples.stored("manifest-2.json"), StandardCharsets.UTF_8);

  private final JsonSchema schema =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(
              ModelManifestSchemaTest.class.getResourceAsStream("model-manifest.schema.json"));

  @Test
  void shouldAcceptAManifest() {
    assertThat(schema.validate(EXAMPLE, InputFormat.JSON)).isEmpty();
    assertThat(schema.validate(JOINT, InputFormat.JSON)).isEmpty();
  }

  @Test
  void shouldAcceptQuantilesOfSeveralTargetsFromVersion2On() {
    String joint = JOINT.replace("\"manifestVersion\": 2", "\"manifestVersion\": 1");
    assertThat(schema.validate(joint, InputFormat.JSON)).isNotEmpty();

    String single = joint.replace("batch,horizon,channel,level", "batch,horizon,level");
    assertThat(schema.validate(single, InputFormat.JSON)).isEmpty();
    single = single.replace("\"manifestVersion\": 1", "\"manifestVersion\": 2");
    assertThat(schema.validate(single, InputFormat.JSON)).isEmpty();
  }

  @Test
  void shouldAcceptErrorsThatIntervalsBeginWith() {
    String residuals =
        """
        "residuals": [{"data": "days.csv", "windows": 9, "seasons": ["PT24H"], "leads": [1, 2], "levels": [0.1, 0.9],
          "targets": [{"growth": [1, 1.4], "errors": [0.5, 0.6], "quantiles": [[-1, 1], [-2, 2]], "unit": 7}]}],
        "licence\":""";
    String json = EXAMPLE.replace("\"licence\":", residuals);
    assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
    assertThat(schema.validate(json.replace("[0.5, 0.6]", "[0.5, 0]"), InputFormat.JSON))
        .isNotEmpty();
    assertThat(schema.validate(json.replace("\"windows\": 9, ", ""), InputFormat.JSON))
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"manifestVersion\": 1       | \"manifestVersion\": 3",
        "\"contextLength\": 336       | \"contextLength\": 0",
        "\"contextLength\": 336       | \"contextLenght\": 336",
        "\"PT30M\"                    | \"30 minutes\"",
        "\"PT30M\"                    | \"P\"",
        "\"independent\"              | \"both\"",
        "\"role\": \"context\"        | \"role\": \"point\"",
        "\"role\": \"point\"          | \"role\": \"median\"",
        "\"float32\"                  | \"float\"",
        "\"batch,time,channel\"       | \"batch time channel\"",
        "[0.1, 0.9]                   | [0.1, 1.0]",
        "\"timeFeatures\": []           | \"timeFeatures\": [\"hour\"]",
        "\"targets\": [\"demand_mw\"]    | \"targets\": []",
        ", \"targets\": [\"demand_mw\"]  | ''",
        "\"inputs\":                     | \"leftPadding\": \"yes\", \"inputs\":",
        "\"sha256\": \"               | \"sha256\": \"zz",
      })
  void shouldRefuseWhatIsNoManifest(String right, String wrong) {
    String json = EXAMPLE.replace(right, wrong);
    assertThat(json).isNotEqualTo(EXAMPLE);
    assertThat(schema.validate(json, InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void shouldAcceptCalendarFeaturesAndCovariatesKnownAhead() {
    String json =
        EXAMPLE
            .replace("\"timeFeatures\": []", "\"timeFeatures\": [\"hour_of_day\", \"day_of_week\"]")
            .replace("\"futureCovariates\": []", "\"futureCovariates\": [\"wind\"]");
    assertThat(json).contains("hour_of_day", "wind");
    assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
  }

  @Test
  void shouldAcceptLeftPadding() {
    String json = EXAMPLE.replace("\"inputs\":", "\"leftPadding\": true, \"inputs\":");
    assertThat(json).contains("leftPadding");
    assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
  }

  @Test
  void shouldAcceptAStepOfAny() {
    assertThat(schema.validate(EXAMPLE.replace("PT30M", "any"), InputFormat.JSON)).isEmpty();
  }
}
