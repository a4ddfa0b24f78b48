package io.tidecast.benchmarks.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
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

  static List<TopicCase> recipes() throws IOException {
    return TopicCase.recipes(ROOT.resolve("docs/recipes"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldGiveWhatIsRight(TopicCase one) throws Exception {
    check(one, one.folder().resolve("expected.txt"));
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void shouldReadTheRecordsOfTheRecipe(TopicCase one) throws Exception {
    check(one, ROOT.resolve("benchmarks/src/test/resources/recipes/" + one.name() + ".txt"));
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void shouldNeedFewKeys(TopicCase one) throws IOException {
    assertThat(Files.readAllLines(one.folder().resolve("job.yaml")))
        .filteredOn(line -> line.matches(" +[a-z-]+: .+"))
        .hasSizeLessThanOrEqualTo(12);
    assertThat(Files.readString(ROOT.resolve("docs/recipes/README.md")))
        .contains("](" + one.name() + "/job.yaml)");
  }

  private static void check(TopicCase one, Path expected) throws Exception {
    stage.prepare(one);

    String outcome = stage.run(one).describe();

    if (Boolean.getBoolean("tidecast.topics.write")) {
      Files.createDirectories(expected.getParent());
      Files.writeString(expected, outcome);
    }
    assertThat(outcome).isEqualTo(Files.readString(expected));
  }
}
