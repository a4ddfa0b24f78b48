package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.testing.RichModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a manifest may ask of this runtime. */
class OnnxSignatureTest {

  private static final String EVERY_INPUT = RichModels.everyInput().manifest().toJson();
  private static final String JOINT = RichModels.jointQuantiles().manifest().toJson();
  private static final String GENERATIVE = RichModels.calendarAndNoise().manifest().toJson();

  @Test
  void shouldFeedEveryInputAndReadAllButSamples() {
    assertThat(OnnxSignature.of(ModelManifest.parse(EVERY_INPUT)).inputs())
        .extracting(OnnxPort::role)
        .containsExactly(
            TensorRole.NOISE,
            TensorRole.FUTURE_COVARIATES,
            TensorRole.CONTEXT,
            TensorRole.FUTURE_TIME_FEATURES,
            TensorRole.CONTEXT_TIME_FEATURES);
    assertThat(OnnxSignature.of(ModelManifest.parse(GENERATIVE)).outputs())
        .extracting(OnnxPort::role)
        .containsExactly(TensorRole.POINT, TensorRole.QUANTILES);
  }

  @Test
  void shouldTakeTheLengthsThatAGraphLeavesOpen() {
    String open =
        EVERY_INPUT
            .replace("\"shape\" : [ -1, 4, 1 ]", "\"shape\" : [ -1, -1, -1 ]")
            .replace("\"shape\" : [ -1, 6, 2 ]", "\"shape\" : [ -1, -1, 2 ]");

    assertThat(OnnxSignature.of(ModelManifest.parse(open)).inputs())
        .extracting(port -> port.shape(9))
        .containsExactly(
            new long[] {9, 2, 3, 2},
            new long[] {9, 4, 1},
            new long[] {9, 6, 3},
            new long[] {9, 4, 2},
            new long[] {9, 6, 2});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "role" : "noise" | "role" : "decoder_input" | inputs: noise: layout: must name each axis once, of batch, time+horizon, channel, and 1 for what is none; found batch,piece,sample,step
          "role" : "context_time_features" | "role" : "future_time_features" | inputs: context_time_features: layout: must name each axis once, of batch, horizon or time+horizon, feature, and 1 for what is none; found batch,time,feature
          "timeFeatures" : [ "hour_of_day", "day_of_week" ] | "timeFeatures" : [ ] | timeFeatures: expected names exactly when an input has the role context_time_features or future_time_features, found []
          "timeFeatures" : [ "hour_of_day", "day_of_week" ] | "timeFeatures" : [ "hour_of_day" ] | inputs: future_time_features: shape: expected [-1, 4, 1], found [-1, 4, 2]
          "futureCovariates" : [ "b" ] | "futureCovariates" : [ ] | futureCovariates: expected names exactly when an input has the role future_covariates, found []
          [ -1, 4, 1 ] | [ -1, 4, 3 ] | inputs: future_covariates: shape: expected [-1, 4, 1], found [-1, 4, 3]
          [ -1, 6, 2 ] | [ -1, 4, 2 ] | inputs: context_time_features: shape: expected [-1, 6, 2], found [-1, 4, 2]
          batch,piece,sample,step | piece,batch,sample,step | inputs: noise: layout: expected batch and one axis at least, found piece,batch,sample,step
          batch,horizon,covariate | batch,horizon,channel | inputs: future_covariates: layout: must name each axis once, of batch, horizon or time+horizon, covariate, and 1 for what is none; found batch,horizon,channel
          batch,time,feature | batch,feature,time | inputs: context_time_features: shape: expected [-1, 2, 6], found [-1, 6, 2]
          "targets" : [ "c", "a" ] | "targets" : [ "c" ] | outputs: point: shape: expected [-1, 4, 1], found [-1, 4, 2]
          """)
  void shouldSayWhatItCannotFeed(String from, String to, String message) {
    assertRefused(EVERY_INPUT, from, to, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "targets" : [ "b" ] | "targets" : [ "a", "b" ] | outputs: point: shape: expected [-1, 4, 2], found [-1, 4, 1]
          "layout" : "batch,horizon,level" | "layout" : "batch,level,horizon" | outputs: quantiles: shape: expected [-1, 3, 4], found [-1, 4, 3]
          [ -1, 5, 4 ] | [ -1, 5, 9 ] | outputs: samples: shape: expected [-1, -1, 4], found [-1, 5, 9]
          "role" : "samples" | "role" : "quantiles" | outputs: samples: layout: must name each axis once, of batch, horizon or time+horizon, channel, level, and 1 for what is none; found batch,sample,horizon
          "quantileLevels" : [ 0.1, 0.5, 0.9 ] | "quantileLevels" : [ ] | quantileLevels: expected levels exactly when an output has the role quantiles, found []
          "quantileLevels" : [ 0.1, 0.5, 0.9 ] | "quantileLevels" : [ 0.5 ] | outputs: quantiles: shape: expected [-1, 4, 1], found [-1, 4, 3]
          """)
  void shouldSayWhatItCannotRead(String from, String to, String message) {
    assertRefused(GENERATIVE, from, to, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "manifestVersion" : 2 | "manifestVersion" : 1 | outputs: expected quantiles of one target at most in manifestVersion 1, found targets [b, a]
          batch,horizon,channel,level | batch,horizon,level,channel | outputs: quantiles: shape: expected [-1, 4, 3, 2], found [-1, 4, 2, 3]
          [ -1, 4, 2, 3 ] | [ -1, 4, 3, 2 ] | outputs: quantiles: shape: expected [-1, 4, 2, 3], found [-1, 4, 3, 2]
          """)
  void shouldSayWhichQuantilesOfSeveralTargetsItCannotRead(String from, String to, String message) {
    assertRefused(JOINT, from, to, message);
  }

  /** One target may do without an axis of its own, and must in version 1. */
  @Test
  void shouldReadQuantilesOfOneTargetWithAnAxisForItOrWithout() {
    String version2 = GENERATIVE.replace("\"manifestVersion\" : 1", "\"manifestVersion\" : 2");
    String withAxis =
        version2
            .replace("batch,horizon,level", "batch,horizon,channel,level")
            .replace("[ -1, 4, 3 ]", "[ -1, 4, 1, 3 ]");

    assertThat(quantiles(GENERATIVE)).containsExactly(7, 4, 3);
    assertThat(quantiles(version2)).containsExactly(7, 4, 3);
    assertThat(quantiles(withAxis)).containsExactly(7, 4, 1, 3);
    assertRefused(
        withAxis,
        "\"manifestVersion\" : 2",
        "\"manifestVersion\" : 1",
        "outputs: quantiles: layout: expected batch,horizon,level, found batch,horizon,channel,level");
  }

  private static long[] quantiles(String json) {
    return OnnxSignature.of(ModelManifest.parse(json)).outputs().get(1).shape(7);
  }

  private static void assertRefused(String json, String from, String to, String message) {
    assertThat(json).contains(from);
    ModelManifest manifest = ModelManifest.parse(json.replace(from, to));
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> OnnxForecaster.requireServable(manifest))
        .withMessage(message);
  }
}
