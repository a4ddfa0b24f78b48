package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a model does, each task has one outcome, and it is the one that the job asks for. */
@Timeout(60)
class ModelFaultsTest {

  private static final int TASKS = 60;
  private static final int BATCH = 8;
  private static final int EVERY = 7;
  private static final Duration LONG = Duration.ofSeconds(30);

  // Static, because a factory is serialized on its way to the operator.
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final AtomicInteger FAILED_CALLS = new AtomicInteger();

  /** What a model does to every seventh window, or in place of every seventh answer. */
  enum Fault {
    THROWS(
        "model must answer, it failed: io.tidecast.runtime.manifest.ModelException: no such number"),
    GIVES_NO_NUMBERS("model must answer finite numbers, it did not"),
    LEAVES_ROWS_OUT("model must answer, it failed: "),
    ANSWERS_LONGER_ROWS("model must answer, it failed: "),
    /** As a session that ends the run. */
    TAKES_TOO_LONG("too long");

    private final String said;

    Fault(String said) {
      this.said = said;
    }

    void commit(WindowBatch windows, ForecastBatch forecasts) {
      for (int row = 0; row < windows.size(); row++) {
        if (last(windows, row) % EVERY == 0) {
          commit(row, forecasts);
        }
      }
    }

    private void commit(int row, ForecastBatch forecasts) {
      switch (this) {
        case THROWS -> throw new ModelException("no such number");
        case GIVES_NO_NUMBERS -> {
          float[] none = new float[forecasts.spec().pointsSize()];
          Arrays.fill(none, Float.NaN);
          forecasts.setPoints(row, none);
        }
        case LEAVES_ROWS_OUT -> forecasts.resize(row);
        case ANSWERS_LONGER_ROWS -> forecasts.resize(forecasts.capacity() + 1);
        case TAKES_TOO_LONG -> throw new ModelTimeoutException("too long");
      }
    }
  }

  /** The testing model, with its fault. */
  record FaultyModel(Fault fault) implements ForecasterFactory {

    private static final long serialVersionUID = 1L;

    @Override
    public ForecasterSpec spec() {
      return Samples.SPEC;
    }

    @Override
    public Forecaster open() {
      Forecaster sound = sound().open();
      return new Forecaster() {
        @Override
        public ForecasterSpec spec() {
          return sound.spec();
        }

        @Override
        public void forecast(WindowBatch windows, ForecastBatch forecasts) {
          sound.forecast(windows, forecasts);
          fault.commit(windows, forecasts);
        }

        @Override
        public void close() {
          sound.close();
        }
      };
    }
  }

  @BeforeEach
  void reset() {
    CALLS.set(0);
    FAILED_CALLS.set(0);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void shouldAnswerWithTheBaselineForTheWindowsThatFail(Fault fault) throws Exception {
    try (ForecastHarness harness = run(new FaultyModel(fault), OnFailure.FALLBACK, 1)) {
      assertThat(harness.rejections()).isEmpty();
      assertThat(harness.forecasts())
          .extracting(IssuedForecast::series)
          .isEqualTo(series(1, TASKS));
      assertThat(harness.forecasts())
          .allSatisfy(forecast -> assertThat(forecast.fallback()).isEqualTo(isEveryNth(forecast)));
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void shouldWriteDeadLettersForTheWindowsThatFail(Fault fault) throws Exception {
    try (ForecastHarness harness = run(new FaultyModel(fault), OnFailure.DEAD_LETTER, 1)) {
      assertThat(harness.forecasts())
          .noneMatch(IssuedForecast::fallback)
          .noneMatch(ModelFaultsTest::isEveryNth)
          .hasSize(TASKS - TASKS / EVERY);
      assertThat(harness.rejections())
          .allSatisfy(rejection -> assertThat(rejection.detail()).contains(fault.said))
          .extracting(Rejection::series)
          .containsExactly("s7", "s14", "s21", "s28", "s35", "s42", "s49", "s56");
      assertThat(outcomes(harness)).isEqualTo(onceEach(1, TASKS));
    }
  }

  /** The job is started again with a model that is mended, from the checkpoint before. */
  @ParameterizedTest
  @EnumSource(Fault.class)
  void shouldMissNoForecastWhereTheJobEndsOnAFailure(Fault fault) throws Exception {
    OperatorSubtaskState checkpoint;
    TreeMap<String, Long> outcomes;
    try (ForecastHarness harness = start(new FaultyModel(fault), OnFailure.FAIL, 1, null)) {
      harness.process(tasks(1, 5));
      harness.flink().prepareSnapshotPreBarrier(1);
      checkpoint = harness.snapshot();
      outcomes = outcomes(harness);
      assertThatThrownBy(
              () -> {
                harness.process(tasks(6, TASKS));
                harness.end();
              })
          .hasStackTraceContaining("model.on-failure=fail")
          .hasStackTraceContaining("the series \"s7\"")
          .hasStackTraceContaining(fault.said);
      assertThat(harness.rejections()).isEmpty();
    }
    try (ForecastHarness harness = start(sound(), OnFailure.FAIL, 1, checkpoint)) {
      harness.process(tasks(6, TASKS));
      harness.end();
      outcomes(harness).forEach((series, count) -> outcomes.merge(series, count, Long::sum));
    }
    assertThat(outcomes).isEqualTo(onceEach(1, TASKS));
  }

  @Test
  void shouldMakeGoodACallThatFailsByChance() throws Exception {
    // A window of a run that fails is tried alone, which is the first retry and may fail too.
    try (ForecastHarness harness = run(everySeventhCall(), OnFailure.FAIL, 2)) {
      assertThat(harness.forecasts())
          .extracting(IssuedForecast::series)
          .isEqualTo(series(1, TASKS));
      assertThat(harness.forecasts()).noneMatch(IssuedForecast::fallback);
    }
    assertThat(FAILED_CALLS.get()).isPositive().isEqualTo(CALLS.get() / EVERY);
  }

  private static TestingModel sound() {
    return new TestingModel(windows -> {});
  }

  private static TestingModel everySeventhCall() {
    return new TestingModel(
        windows -> {
          if (CALLS.incrementAndGet() % EVERY == 0) {
            FAILED_CALLS.incrementAndGet();
            throw new ModelException("now and then");
          }
        });
  }

  private static ForecastHarness run(ForecasterFactory model, OnFailure onFailure, int retries)
      throws Exception {
    ForecastHarness harness = start(model, onFailure, retries, null);
    harness.process(tasks(1, TASKS));
    harness.end();
    return harness;
  }

  private static ForecastHarness start(
      ForecasterFactory model, OnFailure onFailure, int retries, OperatorSubtaskState from)
      throws Exception {
    InferenceSettings settings = new InferenceSettings(BATCH, onFailure, retries, LONG);
    return ForecastHarness.start(model, new InferenceOptions(settings, Samples.GRID_STEP, 2), from);
  }

  private static List<ForecastTask> tasks(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> InferenceTest.requests(i).get(0)).toList();
  }

  private static List<String> series(int from, int to) {
    return tasks(from, to).stream().map(ForecastTask::series).toList();
  }

  private static TreeMap<String, Long> outcomes(ForecastHarness harness) {
    TreeMap<String, Long> outcomes = new TreeMap<>();
    Stream.concat(
            harness.forecasts().stream().map(IssuedForecast::series),
            harness.rejections().stream().map(Rejection::series))
        .forEach(series -> outcomes.merge(series, 1L, Long::sum));
    return outcomes;
  }

  private static TreeMap<String, Long> onceEach(int from, int to) {
    TreeMap<String, Long> once = new TreeMap<>();
    series(from, to).forEach(series -> once.put(series, 1L));
    return once;
  }

  private static boolean isEveryNth(IssuedForecast forecast) {
    return Integer.parseInt(forecast.series().substring(1)) % EVERY == 0;
  }

  private static int last(WindowBatch windows, int row) {
    float[] context = new float[windows.spec().contextSize()];
    windows.context(row, context);
    return (int) context[context.length - 1];
  }
}
