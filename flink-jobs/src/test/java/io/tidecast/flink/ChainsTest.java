package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

/** What of a job becomes bytes on the way from one operator to the next. */
class ChainsTest {

  private static StreamGraph graph(JobConfig config) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    ForecastJob.build(env, config, new TestingModel(Samples.SPEC, w -> {}));
    return env.getStreamGraph(false);
  }

  @Test
  void shouldCrossTheNetworkOnceOnTheWayToAForecast() {
    JobGraph job = graph(Samples.config("job: {parallelism: 4}")).getJobGraph();

    List<String> chains = new ArrayList<>();
    for (JobVertex vertex : job.getVertices()) {
      chains.add(vertex.getName());
    }

    assertThat(chains)
        .as("from the source to the parser")
        .anyMatch(chain -> chain.contains("observations") && chain.contains("parse"))
        .as("from the window to the topic")
        .anyMatch(
            chain ->
                chain.startsWith("window")
                    && chain.contains("forecast")
                    && chain.contains("forecasts: Writer"))
        .as("%s", chains)
        .hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void shouldScoreWhereItMixes() {
    StreamGraph graph =
        graph(
            Samples.config(
                "job: {parallelism: 4}",
                "mixture: {members: [model, repeat-last]}",
                "calibration: {levels: [0.05, 0.95]}",
                "scores: {topic: scores}"));
    StreamNode scores =
        graph.getStreamNodes().stream()
            .filter(node -> node.getOperatorName().equals("scores"))
            .findFirst()
            .orElseThrow();

    assertThat(scores.getInEdges()).hasSize(1);
    assertThat(graph.getJobGraph().getVertices())
        .extracting(JobVertex::getName)
        .anyMatch(chain -> chain.startsWith("mixture") && chain.contains("scores"));
  }

  @Test
  void shouldCrossItAsBytesOfOurOwn() {
    StreamGraph graph = graph(Samples.config("job: {parallelism: 4}"));

    StreamNode window =
        graph.getStreamNodes().stream()
            .filter(node -> node.getOperatorName().equals("window"))
            .findFirst()
            .orElseThrow();
    List<StreamEdge> shuffled = window.getInEdges();

    assertThat(shuffled).hasSize(1);
    assertThat(graph.getStreamNode(shuffled.get(0).getSourceId()).getTypeSerializerOut().getClass())
        .isEqualTo(
            StateTypes.MEASUREMENT
                .createSerializer(graph.getExecutionConfig().getSerializerConfig())
                .getClass());
  }

  @Test
  void shouldNotWaitForBuffersAsLongAsFlinkDoes() {
    assertThat(graph(Samples.config("job: {parallelism: 4}")).getStreamNodes())
        .allSatisfy(node -> assertThat(node.getBufferTimeout()).isEqualTo(10));
    assertThat(graph(Samples.config("sink: {tuning: latency}")).getStreamNodes())
        .allSatisfy(node -> assertThat(node.getBufferTimeout()).isZero());
    assertThat(ExecutionOptions.BUFFER_TIMEOUT.defaultValue().toMillis()).isEqualTo(100);
  }
}
