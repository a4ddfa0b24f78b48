package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsInTheGraphTest {

  @TempDir private Path folder;

  /** What a cluster is sent, and keeps: the whole of it, sources, sinks and their properties. */
  @Test
  void shouldSendTheReferenceToTheClusterAndNotTheSecret() throws IOException {
    String secret = "hunter2hunter2";
    Path file = Files.writeString(folder.resolve("password"), secret);

    assertThat(graph(secret)).as("as the test would find it").contains(secret);
    assertThat(graph("${file:%s} ${PATH}".formatted(file)))
        .doesNotContain(secret)
        .doesNotContain(System.getenv("PATH"))
        .contains("file:" + file, "PATH");
  }

  private static String graph(String password) throws IOException {
    JobConfig config =
        Samples.config(
            "kafka: {bootstrap-servers: \"127.0.0.1:9092\", properties: {ssl.key.password: \"%s\"}}"
                .formatted(password),
            "requests: {topic: requests}");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    ForecastJob.build(env, config, new TestingModel(w -> {}));
    StreamGraph graph = env.getStreamGraph(false);
    // The one is sent to a cluster, the other is made of it there.
    return text(InstantiationUtil.serializeObject(graph))
        + text(InstantiationUtil.serializeObject(graph.getJobGraph()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
