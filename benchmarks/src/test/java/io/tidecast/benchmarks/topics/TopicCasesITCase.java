package io.tidecast.benchmarks.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs over topics and files as people have them, each with what is to come out. */
@Tag("cluster")
@Timeout(180)
class TopicCasesITCase {

  private static final Path ROOT = Path.of(System.getProperty("tidecast.root"));

  private static TopicStage stage;

  @BeforeAll
  static void start() {
    stage = TopicStage.start(ROOT);
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  static List<TopicCase> cases() throws IOException {
    return TopicCase.in(
        ROOT.resolve("benchmarks/src/test/resources/topics"),
        List.of(System.getProperty("tidecast.topics", "").split(",")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldGiveWhatIsRight(TopicCase one) throws Exception {
    stage.prepare(one);

    String outcome = stage.run(one).describe();

    if (Boolean.getBoolean("tidecast.topics.write")) {
      one.expect(outcome);
    }
    assertThat(outcome).isEqualTo(one.expected());
  }
}
