package io.tidecast.runtime.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.testing.RichModels;
import io.tidecast.runtime.testing.TestModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelManifestTest {

  /** Version 1 as it was first written; it must be read for ever. */
  private static final String V1 = resource("manifest-v1.json");

  /** Version 2, in which quantiles may be of several targets. */
  private static final String V2 = resource("manifest-v2.json");

  @Test
  void shouldReadVersion1() {
    ModelManifest manifest = ModelManifest.parse(V1);

    assertThat(manifest.spec())
        .isEqualTo(new ForecasterSpec("tides", "3", 336, 48, 2, List.of(0.1, 0.9)));
    assertThat(manifest.fixedStep()).contains(Duration.ofMinutes(30));
    assertThat(manifest.architectureConfig()).containsEntry("d_model", 16);
    assertThat(manifest.channels())
        .isEqualTo(
            new ModelManifest.Channels(
                ModelManifest.Channels.Mode.INDEPENDENT,
                List.of("level_m", "flow_m3s"),
                List.of("level_m", "flow_m3s")));
    assertThat(manifest.patches())
        .isEqualTo(new ModelManifest.Patches(16, 8, ModelManifest.Patches.Padding.END));
    assertThat(manifest.inputs())
        .containsExactly(
            new ModelManifest.TensorSpec(
                "context",
                TensorRole.CONTEXT,
                "batch,time,channel",
                "float32",
                List.of(-1L, 336L, 2L)));
    assertThat(manifest.outputs())
        .extracting(ModelManifest.TensorSpec::role)
        .containsExactly(TensorRole.POINT, TensorRole.QUANTILES);
    assertThat(manifest.training()).containsEntry("rows", Map.of("train", 2688, "test", 672));
    assertThat(manifest.accuracy()).hasSize(1);
    assertThat(manifest.licence()).isEqualTo("Apache-2.0");
  }

  @Test
  void shouldWriteWhatItReads() {
    assertThat(ModelManifest.parse(V1).toJson()).isEqualTo(V1);
    assertThat(ModelManifest.parse(V2).toJson()).isEqualTo(V2);
  }

  @Test
  void shouldReadVersion2() {
    ModelManifest manifest = ModelManifest.parse(V2);

    assertThat(manifest.spec())
        .isEqualTo(new ForecasterSpec("tides", "4", 336, 48, 2, List.of(0.1, 0.5, 0.9)));
    assertThat(manifest.spec().quantilesSize()).isEqualTo(48 * 2 * 3);
    assertThat(manifest.outputs().get(1))
        .isEqualTo(
            new ModelManifest.TensorSpec(
                "quantiles",
                TensorRole.QUANTILES,
                "batch,horizon,channel,level",
                "float32",
                List.of(-1L, 48L, 2L, 3L)));
  }

  @Test
  void shouldComeBackFromItsFile(@TempDir Path directory) {
    Path file = directory.resolve(ModelManifest.FILE);
    ModelManifest manifest = TestModels.withQuantiles().manifest();

    manifest.write(file);

    assertThat(ModelManifest.read(file)).isEqualTo(manifest);
  }

  @Test
  void shouldServeAnyStepWhereItSaysSo() {
    ModelManifest any = ModelManifest.parse(change("PT30M", "any"));
    assertThat(any.fixedStep()).isEmpty();
    assertThat(any.takes(GridStep.of(GridStep.Unit.MONTH, ZoneOffset.UTC))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "P1M, MONTH", "P3M, QUARTER", "P6M, HALF_YEAR", "P1Y, YEAR", "P12M, YEAR",
    "business-day, BUSINESS_DAY", "P1D, DAY", "PT24H, DAY", "P1W, WEEK", "P7D, WEEK"
  })
  void shouldTakeTheCellsOfItsStepAlone(String step, GridStep.Unit unit) {
    ModelManifest manifest = ModelManifest.parse(change("PT30M", step));
    for (GridStep.Unit other : GridStep.Unit.values()) {
      assertThat(manifest.takes(GridStep.of(other, ZoneId.of("Europe/Berlin"))))
          .as("%s", other)
          .isEqualTo(other == unit);
    }
    assertThat(manifest.takes(GridStep.fixed(unit.usual())))
        .as("as long as one is on average")
        .isEqualTo(!unit.isUneven());
    assertThat(manifest.takes(GridStep.fixed(Duration.ofMinutes(30)))).isFalse();
    assertThat(ModelManifest.parse(manifest.toJson())).isEqualTo(manifest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "architectureConfig",
        "pastCovariates",
        "futureCovariates",
        "timeFeatures",
        "patches",
        "quantileLevels",
        "training",
        "accuracy"
      })
  void shouldTakeWhatIsLeftOutAsNone(String key) {
    assertThat(ModelManifest.parse(without(key)).id()).isEqualTo("tides");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          manifestVersion   | manifestVersion: expected an integer, found nothing
          id                | must match [A-Za-z0-9][A-Za-z0-9._-]*: id=null
          version           | must match [A-Za-z0-9][A-Za-z0-9._-]*: version=null
          architecture      | must not be blank: architecture=null
          contextLength     | contextLength: expected an integer, found nothing
          predictionLength  | predictionLength: expected an integer, found nothing
          step              | must be a positive ISO-8601 duration, one of P1D, P1W, P1M, P3M, P6M, P1Y, business-day, or any: step=null
          channels          | must be given: channels=null
          inputs            | must not be empty: inputs=null
          outputs           | must not be empty: outputs=null
          opset             | opset: expected an integer, found nothing
          sha256            | must be 64 lower-case hexadecimal digits: sha256=null
          licence           | must not be blank: licence=null
          """)
  void shouldAskForWhatIsLeftOut(String key, String message) {
    assertRefused(without(key), "manifest.json: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "id" :             | "idd" :        | unknown key: idd; known keys here: [manifestVersion, id, version, architecture, architectureConfig, contextLength, predictionLength, rollout, step, channels, pastCovariates, futureCovariates, timeFeatures, patches, leftPadding, shiftEquivariant, inputs, outputs, quantileLevels, opset, precision, sha256, weights, training, accuracy, residuals, licence]
          "stride"           | "strides"      | unknown key: patches.strides; known keys here: [length, stride, padding]
          "contextLength" : 336 | "contextLength" : "336" | contextLength: expected an integer, found "336"
          "contextLength" : 336 | "contextLength" : 33.5  | contextLength: expected an integer, found 33.5
          "stride" : 8       | "stride" : 0   | patches: must be positive: stride=0
          "role" : "context" | "role" : "past" | inputs[0].role: expected one of ["context","patches","context_time_features","future_time_features","past_covariates","future_covariates","decoder_input","noise","point","quantiles","samples","observed_mask","constant","columns","ignored"], found "past"
          "role" : "context" | "role" : "point" | must be a role of inputs: role=point
          "role" : "point"   | "role" : "noise" | must be a role of outputs: role=noise
          [ -1, 336, 2 ]     | [ -1, 336 ]    | inputs[0]: must have an entry per axis of batch,time,channel: shape=[-1, 336]
          [ -1, 336, 2 ]     | [ -1, 0, 2 ]   | inputs[0]: must be positive or -1: shape=[-1, 0, 2]
          [ 0.1, 0.9 ]       | [ 0.9, 0.1 ]   | must ascend within (0, 1): quantileLevels=[0.9, 0.1]
          [ 0.1, 0.9 ]       | [ 0.1, 1 ]     | must ascend within (0, 1): quantileLevels=[0.1, 1.0]
          PT30M              | 30min          | must be a positive ISO-8601 duration, one of P1D, P1W, P1M, P3M, P6M, P1Y, business-day, or any: step=30min
          PT30M              | PT0S           | must be a positive ISO-8601 duration, one of P1D, P1W, P1M, P3M, P6M, P1Y, business-day, or any: step=PT0S
          "licence" : "Apache-2.0" | "licence" : [] | licence: expected text, found []
          [ 0.1, 0.9 ]       | 0.1            | quantileLevels: expected a list, found 0.1
          "inputs" :         | "leftPadding" : 1, "inputs" :     | leftPadding: expected true or false, found 1
          "inputs" :         | "leftPadding" : "yes", "inputs" : | leftPadding: expected true or false, found "yes"
          "opset" : 23       | "opset" : 23, "precision" : "int8" | precision: expected one of ["fp32","fp16"], found "int8"
          "mode" : "independent" | "mode" : 0 | channels.mode: expected one of ["independent","joint"], found 0
          "targets" : [ "level_m", | "targets" : [ "depth_m", | channels: must be among [level_m, flow_m3s]: targets=[depth_m, flow_m3s]
          "manifestVersion" : 1 | "manifestVersion" : 3 | must be within 1..2, the versions that this release reads: manifestVersion=3
          "manifestVersion" : 1 | "manifestVersion" : 0 | must be within 1..2, the versions that this release reads: manifestVersion=0
          "timeFeatures" : [ ] | "timeFeatures" : [ "hour" ] | timeFeatures[0]: expected one of ["second_of_minute","minute_of_hour","hour_of_day","day_of_week","day_of_month","day_of_year","week_of_year","month_of_year"], found "hour"
          "timeFeatures" : [ ] | "timeFeatures" : [ "hour_of_day", "hour_of_day" ] | must be distinct: timeFeatures=[hour_of_day, hour_of_day]
          "names" : [ "level_m", "flow_m3s" ]   | "names" : [ "level_m", "level_m" ]   | channels: must be distinct: names=[level_m, level_m]
          "targets" : [ "level_m", "flow_m3s" ] | "targets" : [ "level_m", "level_m" ] | channels: must be distinct: targets=[level_m, level_m]
          "futureCovariates" : [ ] | "futureCovariates" : [ "wind" ]    | must be among the channels that are not targets: futureCovariates=wind
          "futureCovariates" : [ ] | "futureCovariates" : [ "level_m" ] | must be among the channels that are not targets: futureCovariates=level_m
          """)
  void shouldNameTheKeyWhatIsExpectedAndWhatIsFound(String from, String to, String message) {
    assertRefused(change(from, to), "manifest.json: " + message);
  }

  @Test
  void shouldWriteWhatItReadsOfAModelOfEveryInput() {
    ModelManifest manifest = RichModels.everyInput().manifest();

    assertThat(ModelManifest.parse(manifest.toJson())).isEqualTo(manifest);
    assertThat(manifest.toJson()).contains("[ \"hour_of_day\", \"day_of_week\" ]");
  }

  @Test
  void shouldSayLeftPaddingOnlyWhereThereIsSome() {
    ModelManifest manifest = TestModels.meanOfKnown().manifest();

    assertThat(manifest.spec().leftPadding()).isTrue();
    assertThat(manifest.toJson()).contains("\n  \"leftPadding\" : true,\n");
    assertThat(ModelManifest.parse(manifest.toJson())).isEqualTo(manifest);

    ModelManifest without = ModelManifest.parse(V1);
    assertThat(without.leftPadding()).isFalse();
    assertThat(without.spec().leftPadding()).isFalse();
    String json = change("\"inputs\" :", "\"leftPadding\" : false, \"inputs\" :");
    assertThat(ModelManifest.parse(json)).isEqualTo(without);
  }

  /** Earlier releases know no such key, and read every manifest in single precision. */
  @Test
  void shouldSayThePrecisionOnlyWhereItIsNotSingle() {
    ModelManifest single = ModelManifest.parse(V1);
    assertThat(single.precision()).isEqualTo(Precision.FP32);
    assertThat(single.toJson()).doesNotContain("precision");
    String said = change("\"opset\" : 23", "\"opset\" : 23, \"precision\" : \"fp32\"");
    assertThat(ModelManifest.parse(said)).isEqualTo(single);

    ModelManifest half = ModelManifest.parse(said.replace("fp32", "fp16"));
    assertThat(half.precision()).isEqualTo(Precision.FP16);
    assertThat(half.toJson()).contains("\n  \"precision\" : \"fp16\",\n");
    assertThat(ModelManifest.parse(half.toJson())).isEqualTo(half);
  }

  @Test
  void shouldRefuseNoiseOfAnyAmount() {
    String json = RichModels.everyInput().manifest().toJson();

    assertRefused(
        json.replace("[ -1, 2, 3, 2 ]", "[ -1, 2, -1, 2 ]"),
        "manifest.json: inputs[0]: must be fixed behind the batch: shape=[-1, 2, -1, 2]");
  }

  @Test
  void shouldNameEverythingThatADraftLeavesToFillIn() {
    String draft =
        V1.replace("\"tides\"", "\"FILL IN: a name\"")
            .replace("\"contextLength\" : 336", "\"contextLength\" : \"FILL IN\"")
            .replace("\"level_m\"", "\"FILL IN\"");
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ModelManifest.parse(draft))
        .withMessage(
            "manifest.json: must be filled in first: id, contextLength, channels.names[0],"
                + " channels.targets[0]");
  }

  @Test
  void shouldRefuseTextThatIsNoJson() {
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ModelManifest.parse("id: tides"))
        .withMessageStartingWith("manifest.json: must be JSON: ");
  }

  @ParameterizedTest
  @CsvSource({"'', MISSING", "[], ARRAY", "null, NULL"})
  void shouldRefuseJsonThatIsNoObject(String json, String found) {
    assertRefused(json, "manifest.json: must be a JSON object: found " + found);
  }

  private static void assertRefused(String json, String message) {
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ModelManifest.parse(json))
        .withMessage(message);
  }

  private static String change(String from, String to) {
    assertThat(V1).contains(from);
    int at = V1.indexOf(from);
    return V1.substring(0, at) + to + V1.substring(at + from.length());
  }

  /** Version 1 less one top-level key, whose value ends where the next one starts. */
  private static String without(String key) {
    String left = V1.replaceFirst("(?s)\n  \"" + key + "\" : .*?(?=\n  \"|\n\\})", "");
    assertThat(left).isNotEqualTo(V1);
    return left.replaceFirst(",\\s*\\}\\s*$", "\n}\n");
  }

  private static String resource(String name) {
    try (var in = ModelManifestTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
