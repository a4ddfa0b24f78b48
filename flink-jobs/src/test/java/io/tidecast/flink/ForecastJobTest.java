package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSamples;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.flink.api.common.InvalidProgramException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.runtime.partitioner.ForwardPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastJobTest {

  private static final String MANIFEST =
      """
      {"manifestVersion": 1, "id": "m", "version": "1", "architecture": "none",
       "architectureConfig": {}, "contextLength": 4, "predictionLength": 2, "step": "PT2S",
       "channels": {"mode": "independent", "names": ["a", "b"], "targets": ["a", "b"]},
       "inputs": [{"name": "context", "role": "context", "layout": "batch,time,channel",
                   "type": "float32", "shape": [-1, 4, 2]}],
       "outputs": [{"name": "point", "role": "point", "layout": "batch,horizon,channel",
                    "type": "float32", "shape": [-1, 2, 2]}],
       "opset": 23, "sha256": "%s", "licence": "Apache-2.0"}
      """;

  /** A graph of that manifest with an operator that there is not. */
  private static final String NO_SUCH_OPERATOR =
      "CAo6rQEKOwoHY29udGV4dBIPTm9TdWNoT3BlcmF0b3IwGg9Ob1N1Y2hPcGVyYXRvcjAiDk5vU3VjaE9wZXJhdG9yCiIK"
          + "D05vU3VjaE9wZXJhdG9yMBIFcG9pbnQiCElkZW50aXR5EgR0ZXN0WiIKB2NvbnRleHQSFwoVCAESEQoHEgViYXRj"
          + "aAoCCAQKAggCYiAKBXBvaW50EhcKFQgBEhEKBxIFYmF0Y2gKAggCCgIIAkIECgAQFw==";

  @TempDir private Path directory;

  @Test
  void shouldBuildAGraphWithoutKryoInWhichEveryOperatorCanBeFoundAgain() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    ForecastJob.build(env, Samples.config("job: {parallelism: 3}"), new TestingModel(w -> {}));

    // Throws for an operator without a uid.
    JobGraph graph = env.getStreamGraph(false).getJobGraph();

    assertThat(env.getConfig().getSerializerConfig().hasGenericTypesDisabled()).isTrue();
    assertThat(env.getCheckpointConfig().getCheckpointingConsistencyMode())
        .isEqualTo(CheckpointingMode.EXACTLY_ONCE);
    assertThat(env.getCheckpointConfig().getCheckpointInterval()).isEqualTo(10_000);
    assertThat(graph.getVertices())
        .as("one shuffle before the window, one of the dead letters")
        .extracting(JobVertex::getName)
        .containsExactlyInAnyOrder(
            "Source: observations -> parse",
            "window -> forecast -> forecasts: Writer -> forecasts: Committer",
            "dead letters: Writer -> dead letters: Committer");
    assertThat(graph.getVertices()).extracting(JobVertex::getParallelism).containsOnly(3);
  }

  @Test
  void shouldNotStartOnAClusterWithoutAPlaceForCheckpoints() {
    JobConfig nowhere = Samples.config("job: {parallelism: 3}");
    JobConfig somewhere = Samples.config("checkpoints: {directory: \"s3://bucket/checkpoints\"}");
    Configuration cluster = new Configuration();

    assertThatThrownBy(() -> ForecastJob.requireCheckpointStorage(nowhere, cluster))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "must be given where Flink has no execution.checkpointing.dir: checkpoints.directory");
    ForecastJob.requireCheckpointStorage(somewhere, cluster);
    // Its name of former versions.
    cluster.setString("state.checkpoints.dir", "s3://bucket/others");
    ForecastJob.requireCheckpointStorage(nowhere, cluster);
  }

  @ParameterizedTest
  @ValueSource(strings = {"series", "global"})
  void shouldJoinCovariatesBetweenWindowAndForecast(String keyedBy) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    ForecastJob.build(
        env,
        CovariateSamples.config("keyed-by: " + keyedBy),
        new TestingModel(CovariateSamples.SPEC, CovariateSamples.MODEL, w -> {}));

    JobGraph graph = env.getStreamGraph(false).getJobGraph();

    assertThat(graph.getVertices())
        .extracting(JobVertex::getName)
        .containsExactlyInAnyOrder(
            "Source: observations -> parse",
            "window",
            "Source: covariate records -> parse covariates",
            "covariates -> forecast -> forecasts: Writer -> forecasts: Committer",
            "dead letters: Writer -> dead letters: Committer");
  }

  @Test
  void shouldNeedNoTopicForTheCalendar() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    ForecastJob.build(
        env,
        Samples.config(
            "series: {step: 1min, max-filled-cells: 1}",
            "covariates: {calendar: {hour: hour, wind: holiday}, country: AT}"),
        new TestingModel(CovariateSamples.SPEC, CovariateSamples.MODEL, w -> {}));

    assertThat(env.getStreamGraph(false).getJobGraph().getVertices())
        .extracting(JobVertex::getName)
        .contains(
            "window -> covariates -> forecast -> forecasts: Writer -> forecasts:" + " Committer");
  }

  /** A window is where its series is; its covariates are kept there too. */
  @ParameterizedTest
  @ValueSource(strings = {"series", "group", "global"})
  void shouldNotShuffleWindowsASecondTime(String keyedBy) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    String source =
        keyedBy.equals("group")
            ? "source: {format: json, mapping: {series: id, time: t, values: v, group: g}}"
            : "";
    ForecastJob.build(
        env,
        CovariateSamples.config("keyed-by: " + keyedBy, source),
        new TestingModel(CovariateSamples.SPEC, CovariateSamples.MODEL, windows -> {}));
    StreamGraph graph = env.getStreamGraph(false);
    StreamNode window = node(graph, OperatorUids.WINDOW);
    StreamNode covariates = node(graph, OperatorUids.COVARIATES);

    assertThat(window.getOutEdges())
        .filteredOn(edge -> edge.getTargetId() == covariates.getId())
        .singleElement()
        .satisfies(
            edge -> assertThat(edge.getPartitioner()).isInstanceOf(ForwardPartitioner.class));
    assertThat(covariates.getParallelism()).isEqualTo(window.getParallelism());
    assertThat(covariates.getMaxParallelism()).isEqualTo(window.getMaxParallelism());
  }

  private static StreamNode node(StreamGraph graph, String uid) {
    return graph.getStreamNodes().stream()
        .filter(one -> uid.equals(one.getTransformationUID()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldRefuseAModelWhoseCovariatesNobodyHas() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    ForecasterFactory model =
        new TestingModel(CovariateSamples.SPEC, CovariateSamples.MODEL, w -> {});
    assertThatThrownBy(() -> ForecastJob.build(env, Samples.config("series: {step: 1min}"), model))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("for the model takes it ahead: wind")
        .hasMessageContaining("for the model takes it ahead: hour");
  }

  @Test
  void shouldTakeRequestsInWhereItTakesObservations() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    ForecastJob.build(env, Samples.config("requests: {topic: asked}"), new TestingModel(w -> {}));

    JobGraph graph = env.getStreamGraph(false).getJobGraph();

    assertThat(graph.getVertices())
        .extracting(JobVertex::getName)
        .containsExactlyInAnyOrder(
            "Source: observations -> parse",
            "Source: requests -> parse requests",
            "window -> forecast -> forecasts: Writer -> forecasts: Committer",
            "dead letters: Writer -> dead letters: Committer");
  }

  @Test
  void shouldRefuseAModelThatDoesNotFit() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    JobConfig config = Samples.config("series: {step: 1s, channels: 7}");
    assertThatThrownBy(() -> ForecastJob.build(env, config, new TestingModel(w -> {})))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("series.channels=7");
  }

  @Test
  void shouldReportAllThatDoesNotFitTheManifest() throws IOException {
    writeModel();
    JobConfig config =
        Samples.config("model: {path: %s}".formatted(directory), "series: {step: 1s}");
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> ForecastJob.model(config));
    assertThat(e.problems())
        .containsExactlyInAnyOrder(
            "must be the model's 2: series.channels=1",
            "must be the model's PT2S: series.step=PT1S");
  }

  @Test
  void shouldOpenTheModelBeforeAnythingStarts() throws IOException {
    writeModel();
    JobConfig config =
        Samples.config(
            "model: {path: %s}".formatted(directory),
            "series: {step: 2s, channels: 2, max-filled-cells: 1}");
    assertThatThrownBy(() -> ForecastJob.model(config))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("NoSuchOperator");
  }

  @Test
  void shouldNameTheModelThatIsNotThere() {
    assertThatThrownBy(() -> ForecastJob.model(Samples.config("model: {path: no/such/model}")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no/such/model");
  }

  @Test
  void shouldAskForItsArguments() {
    assertThatThrownBy(() -> ForecastJob.main(new String[] {"job.yaml"}))
        .isInstanceOf(InvalidProgramException.class)
        .hasMessage("arguments must be --config and the job file: [job.yaml]");
  }

  private void writeModel() throws IOException {
    byte[] onnx = Base64.getDecoder().decode(NO_SUCH_OPERATOR);
    Files.write(directory.resolve("model.onnx"), onnx);
    Files.writeString(
        directory.resolve("manifest.json"), MANIFEST.formatted(ModelBundle.sha256(onnx)));
  }
}
