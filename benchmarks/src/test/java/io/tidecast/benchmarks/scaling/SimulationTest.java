package io.tidecast.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.benchmarks.process.JobYaml;
import io.tidecast.benchmarks.stream.SteadySeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationTest {

  private static final Path ROOT = Path.of(System.getProperty("tidecast.root"));

  @TempDir private Path folder;

  @Test
  void shouldFindWhatHoldsInARoomThatIsPredicted() throws IOException {
    Prediction prediction = size("--series", "2000000", "--interval", "1min");
    NameSpread spread = ScalingSimulation.spread(prediction);

    assertThat(spread.series()).isEqualTo(2_000_000);
    assertThat(spread.ofSubtasks().length).isGreaterThan(1);
    assertThat(ScalingSimulation.rows(prediction, spread)).hasSize(4).allMatch(Row::holds);
  }

  /** Of 128 groups, some of 85 subtasks have two, and room for one and two thirds. */
  @Test
  void shouldFindMoreThanThereIsRoomForWhereGroupsDoNotDivide() throws IOException {
    Prediction prediction =
        size("--series", "200000", "--rate", "9600000", "--slots", "1", "--backend", "heap");
    NameSpread uneven = ScalingSimulation.spread(prediction);
    NameSpread even = NameSpread.of(200_000, 85, 850, SteadySeries::scattered);

    assertThat(uneven.ofSubtasks()).hasSize(85);
    assertThat(uneven.fullestSubtask()).isCloseTo(2 * 85 / 128.0, within(0.1));
    assertThat(ScalingSimulation.rows(prediction, uneven).get(0).holds()).isFalse();
    assertThat(prediction.notices()).anyMatch(it -> it.contains("pipeline.max-parallelism: 850"));

    assertThat(even.fullestSubtask()).isLessThan(1.1);
    assertThat(ScalingSimulation.rows(prediction, even).get(0).holds()).isTrue();
  }

  @Test
  void shouldReadOneSeriesAfterAnother() {
    NameSpread spread = new NameSpread(new long[] {1_000, 3_000});

    Burst once = Burst.of(new Burst.Job(spread, 1_000, 10, 2), 1, 0, 100);

    assertThat(once.seconds()).as("3,000 of a millisecond each").isCloseTo(3, within(1e-9));
    assertThat(once.mostCheckpointed()).as("1,000 and 2,000 in 2 s").isEqualTo(30_000);
    assertThat(spread.fullestSubtask()).isEqualTo(1.5);
    assertThat(spread.fullestTaskManager(2)).isEqualTo(1);
  }

  @Test
  void shouldCatchUpAsLateAsItIsBusy() {
    NameSpread spread = new NameSpread(new long[] {500});
    Burst.Job halfBusy = new Burst.Job(spread, 1_000, 10, 10);

    assertThat(Burst.of(halfBusy, 60, 1, 1_000).seconds())
        .as("as long as it was away")
        .isCloseTo(60, within(1e-9));
    assertThat(Burst.of(halfBusy, 60, 2.5, 1_000).seconds()).isInfinite();
  }

  @Test
  void shouldSayWhatTheCommandDoesNotTake() {
    assertThatThrownBy(() -> size("--series", "0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--series must be 1 to");
  }

  private Prediction size(String... options) throws IOException {
    Path file = folder.resolve("job.yaml");
    JobYaml.write(
        file,
        Map.of(
            "kafka.bootstrap-servers", "127.0.0.1:9092",
            "source.topic", "meters",
            "series.step", "30min",
            "model.path", ROOT.resolve("models/zoo/patchtst-uk-demand/1").toString()));
    assertThat(Files.exists(file)).isTrue();
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--forecasts-per-core", "62500"));
    return Prediction.of(file, all);
  }
}
