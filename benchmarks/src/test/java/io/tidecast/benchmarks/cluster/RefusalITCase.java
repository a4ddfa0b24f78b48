package io.tidecast.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job that cannot start says so in one sentence, whichever way it is brought to Flink. */
@Tag("cluster")
@Timeout(300)
class RefusalITCase {

  private static final List<String> NO_FILE = List.of("--config", "/nowhere/job.yaml");
  private static final String NOT_THERE =
      "must be a readable file of UTF-8 text: /nowhere/job.yaml";
  private static final String NO_START = "ERROR ForecastJob The job cannot be started: ";
  private static final String NO_ARGUMENTS = "arguments must be --config and the job file: []";
  private static final String NO_ONNX_RUNTIME =
      "ONNX Runtime must be in Flink's lib folder: copy the onnxruntime jar";

  @TempDir private Path folder;

  @Test
  void shouldSayThatTheJobFileIsNotThere() throws Exception {
    Refusals flink = new Refusals(folder, true);

    assertThat(flink.ofClient(NO_FILE)).contains(NOT_THERE).doesNotContain("\tat ");
    assertThat(flink.ofRest(NO_FILE)).endsWith(NOT_THERE + "\n");
    assertThat(flink.ofApplication(NO_FILE)).contains(NO_START, NOT_THERE);
  }

  @Test
  void shouldSayThatOnnxRuntimeIsNotThere() throws Exception {
    Refusals flink = new Refusals(folder, false);

    assertThat(flink.ofClient(NO_FILE)).contains(NO_ONNX_RUNTIME).doesNotContain("\tat ");
    assertThat(flink.ofRest(NO_FILE)).contains(NO_ONNX_RUNTIME);
    assertThat(flink.ofApplication(NO_FILE)).contains(NO_START + NO_ONNX_RUNTIME);
  }

  @Test
  void shouldSayThatNoJobFileIsGiven() throws Exception {
    assertThat(new Refusals(folder, true).ofClient(List.of()))
        .contains(NO_ARGUMENTS)
        .doesNotContain("\tat ");
  }
}
