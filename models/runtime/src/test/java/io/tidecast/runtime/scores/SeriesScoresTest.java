package io.tidecast.runtime.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesScoresTest {

  private static final int OWN_BYTES = 4 * 336;
  private static final double EXACT = 1e-12;

  private static final Contestant POINTS =
      new Contestant("patchtst-general", "1.0.0", new int[] {0}, new double[0]);

  /** One channel, leads of 1 and 2, a season of 3, a window of 9 to 12 cells, 2 open cells. */
  private static final ScoreSettings SMALL = new ScoreSettings(List.of(1, 2), 1, 3, 12, 4, 2);

  private final Scoring scoring = new Scoring(SMALL);
  private final SeriesScores scores = scoring.begin();

  private static ScoredForecast forecast(Contestant by, long origin, double... points) {
    return new ScoredForecast(by, origin, 0, points.length, said(points));
  }

  private static ForecastValues said(double... points) {
    return new ForecastValues() {
      @Override
      public double point(int step, int target) {
        return points[step];
      }

      @Override
      public double quantile(int step, int target, int level) {
        throw new AssertionError("a forecast of points has no quantiles");
      }
    };
  }

  /** What a model says at every lead, the quantiles around it. */
  private static ForecastValues constant(double value) {
    return new ForecastValues() {
      @Override
      public double point(int step, int target) {
        return value;
      }

      @Override
      public double quantile(int step, int target, int level) {
        return (float) (value + level);
      }
    };
  }

  private void close(long cell, double... values) {
    assertThat(scores.close(cell, values)).isTrue();
  }

  private Figures window(int lead) {
    return score(lead).window();
  }

  private Score score(int lead) {
    return scores.scores().stream()
        .filter(score -> score.firstLead() == lead)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldScoreAForecastOnceItsCellCloses() {
    close(10, 5);
    scores.forecast(forecast(POINTS, 10, 7, 9));
    assertThat(scores.scores()).isEmpty();
    close(11, 4);
    assertThat(window(1).mae()).isEqualTo(3);
    assertThat(window(1).bias()).isEqualTo(3);
    assertThat(scores.scores()).hasSize(1);
    close(12, 10);
    assertThat(window(2).mse()).isEqualTo(1);
    assertThat(window(2).bias()).isEqualTo(-1);
    assertThat(score(2).cell()).isEqualTo(12);
  }

  /** After a long silence the window still has errors of which none counts any more. */
  @Test
  void shouldTellNoScoreWithoutAnErrorThatCounts() {
    SeriesScores rare = new Scoring(new ScoreSettings(List.of(1, 8), 1, 1, 3_000, 1, 2)).begin();
    for (int cell = 0; cell < 30; cell++) {
      rare.close(cell, new double[] {cell % 3});
      rare.forecast(new ScoredForecast(POINTS, cell, 0, 8, constant(1)));
    }
    assertThat(rare.scores()).hasSize(2);
    for (int cell = 830; cell < 834; cell++) {
      rare.close(cell, new double[] {cell % 3});
      rare.forecast(new ScoredForecast(POINTS, cell, 0, 8, constant(1)));
    }
    assertThat(rare.scores())
        .singleElement()
        .satisfies(
            score -> {
              assertThat(score.firstLead()).isEqualTo(1);
              assertThat(score.weighted().mae()).isFinite();
            });
  }

  @Test
  void shouldScoreACellThatWasCorrectedByItsLastValue() {
    scores.forecast(forecast(POINTS, 10, 7, 9));
    close(11, 4);
    close(12, 10);
    close(11, 6.5);
    assertThat(window(1).mae()).isEqualTo(0.5);
    close(13, 0);
    close(14, 0);
    assertThat(scores.close(11, new double[] {0})).as("settled").isFalse();
    assertThat(window(1).mae()).isEqualTo(0.5);
  }

  @Test
  void shouldTakeAGapForNoError() {
    scores.forecast(forecast(POINTS, 10, 7, 9));
    close(11, Double.NaN);
    close(12, 8);
    assertThat(scores.scores()).extracting(Score::firstLead).containsExactly(2);
    assertThat(window(2).count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1e300})
  void shouldHoldNothingAgainstAForecastWithoutANumber(double point) {
    scores.forecast(forecast(POINTS, 10, point));
    close(11, 5);
    assertThat(scores.scores()).isEmpty();
  }

  @Test
  void shouldCompareWithTheSeasonalNaiveOfTheSameCells() {
    double[] cells = {1, 2, 4, 1, 5, 4};
    for (int cell = 0; cell < cells.length; cell++) {
      close(cell, cells[cell]);
      scores.forecast(forecast(POINTS, cell, cell == 3 ? 4 : 100));
    }
    // Of cells 3, 4 and 5 there is a value of one season before.
    Figures figures = window(1);
    assertThat(figures.count()).isEqualTo(5);
    assertThat(figures.naiveCount()).isEqualTo(3);
    assertThat(figures.naiveMae()).isEqualTo((0 + 3 + 0) / 3.0);
    assertThat(figures.naiveMse()).isEqualTo(9 / 3.0);
    assertThat(figures.mase()).isCloseTo(figures.mae() / 1, within(EXACT));
    assertThat(figures.rmsse()).isCloseTo(Math.sqrt(figures.mse() / 3), within(EXACT));
  }

  /** What is left of its weighted errors is next to nothing, and any rounding is much beside it. */
  @Test
  void shouldHaveNoRecentScaleWhereASeriesStandsStill() {
    SeriesScores series = new Scoring(new ScoreSettings(List.of(1), 1, 1, 300, 4, 0)).begin();
    int without = 0;
    for (int cell = 0; cell < 1_000; cell++) {
      assertThat(series.close(cell, new double[] {cell < 100 ? cell % 2 : 1})).isTrue();
      series.forecast(forecast(POINTS, cell, 1 + 1e-6));
      if (cell >= 100) {
        Figures recent = series.scores().get(0).weighted();
        boolean hasNone = Double.isNaN(recent.mase());
        without += hasNone ? 1 : 0;
        assertThat(hasNone || recent.mase() < 1).as("cell %d: %s", cell, recent).isTrue();
        assertThat(Double.isNaN(recent.rmsse())).isEqualTo(hasNone);
      }
    }
    assertThat(without).as("but for some half-lives").isBetween(850, 899);
    assertThat(series.scores().get(0).window().mase()).isNaN();
  }

  @Test
  void shouldHaveTheNaiveLookBackAsManySeasonsAsALeadIsLong() {
    ScoreSettings settings = new ScoreSettings(List.of(3), 1, 2, 12, 4, 0);
    SeriesScores series = new Scoring(settings).begin();
    for (int cell = 0; cell < 5; cell++) {
      assertThat(series.close(cell, new double[] {cell * cell})).isTrue();
      series.forecast(new ScoredForecast(POINTS, cell, 0, 3, said(0, 0, 0)));
    }
    Figures figures = series.scores().get(0).window();
    // Three cells ahead of cells 0 and 1, the last value that was known of the season is 4 before.
    assertThat(figures.count()).isEqualTo(2);
    assertThat(figures.naiveCount()).isEqualTo(1);
    assertThat(figures.naiveMae()).isEqualTo(16 - 0);
  }

  @Test
  void shouldForgetWhatLeavesTheWindowAndWeighTheRest() {
    scores.forecast(forecast(POINTS, 11, 100));
    close(12, 0);
    scores.forecast(forecast(POINTS, 19, 1));
    close(20, 0);
    assertThat(window(1).mae()).isEqualTo((100 + 1) / 2.0);
    // After twice the half-life, an error counts a quarter.
    assertThat(score(1).weighted().mae()).isCloseTo((100 * 0.25 + 1) / 1.25, within(EXACT));
    close(24, 0);
    assertThat(window(1).mae()).isEqualTo(1);
  }

  @Test
  void shouldCountForecastsThatComeTooLate() {
    close(10, 0);
    scores.forecast(forecast(POINTS, 8, 1, 1));
    assertThat(scoring.taken().waiting()).isEqualTo(2);
    scores.forecast(forecast(POINTS, 7, 1, 1));
    assertThat(scoring.taken().late()).as("cell 8 is settled").isEqualTo(1);
    close(13, 0);
    assertThat(scores.waiting()).isZero();
    // Of cells 9 and 10 there was one forecast each, and no value of cell 9.
    assertThat(scoring.taken().joined()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void shouldHoldTheLastForecastsOfAModelAgainstTheirCellsBeforeItIsForgotten(int together) {
    Scoring shortWindow = new Scoring(new ScoreSettings(List.of(1, 2), 1, 3, 3, 4, 2), together);
    SeriesScores series = shortWindow.begin();
    series.forecast(forecast(POINTS, 10, 1, 1));
    for (int cell = 10; cell < 20; cell++) {
      series.close(cell, new double[] {0});
    }
    assertThat(shortWindow.taken().joined()).isEqualTo(2);
    assertThat(shortWindow.taken().dropped()).isZero();
    assertThat(series.scores()).isEmpty();
  }

  @Test
  void shouldTakeTheLaterRevisionWhateverComesFirst() {
    ScoredForecast second = new ScoredForecast(POINTS, 10, 1, 1, said(3));
    scores.forecast(second);
    scores.forecast(forecast(POINTS, 10, 50));
    close(11, 1);
    assertThat(window(1).mae()).isEqualTo(2);
  }

  @Test
  void shouldBeginAModelAnewThatForecastsSomethingElse() {
    scores.forecast(forecast(POINTS, 10, 7, 9));
    Contestant other =
        new Contestant(POINTS.model(), POINTS.version(), new int[] {0}, new double[] {0.1, 0.9});
    scores.forecast(new ScoredForecast(other, 11, 0, 2, constant(3)));
    assertThat(scoring.taken().dropped()).isEqualTo(2);
    close(11, 5);
    close(12, 3.5);
    assertThat(scores.scores()).hasSize(1);
    assertThat(window(1).coverage()).isEqualTo(1);
    assertThat(window(1).width()).isEqualTo(1);
  }

  @Test
  void shouldForgetTheModelThatHasBeenSilentForLongest() {
    for (int i = 0; i <= ScoreSettings.MOST_MODELS; i++) {
      Contestant model = new Contestant("model-" + i, "1", new int[] {0}, new double[0]);
      scores.forecast(forecast(model, 10 + i, 1, 1));
    }
    close(11 + ScoreSettings.MOST_MODELS, 0);
    assertThat(scores.scores())
        .extracting(score -> score.by().model())
        .contains("model-" + ScoreSettings.MOST_MODELS)
        .doesNotContain("model-0");
  }

  @Test
  void shouldForgetAModelThatIsGone() {
    scores.forecast(forecast(POINTS, 10, 1, 1));
    byte[] with = scores.bytes();
    close(100, 0);
    assertThat(scores.bytes().length).isLessThan(with.length);
    assertThat(scores.scores()).isEmpty();
  }

  @Test
  void shouldPassASilenceOfYearsAtOnce() {
    scores.forecast(forecast(POINTS, 10, 1, 1));
    close(11, 0);
    close(11 + 1_000_000_000_000L, 5);
    scores.forecast(forecast(POINTS, 11 + 1_000_000_000_000L, 1));
    close(12 + 1_000_000_000_000L, 5);
    assertThat(window(1).mae()).isEqualTo(4);
    assertThat(window(1).count()).isEqualTo(1);
  }

  @Test
  void shouldTellNoMoreScoresThanThereAreForecasts() {
    int told = 0;
    int forecasts = 0;
    for (int cell = 0; cell < 200; cell++) {
      close(cell, cell);
      if (cell % 3 == 0) {
        scores.forecast(forecast(POINTS, cell, cell, cell));
        forecasts++;
      }
      List<Score> due = scores.due(1);
      told += due.size();
      assertThat(told).isLessThanOrEqualTo(forecasts);
    }
    assertThat(told).isGreaterThan(forecasts / 2);
  }

  @Test
  void shouldTellScoresWheneverSoManyCellsHaveClosed() {
    List<Long> told = new ArrayList<>();
    for (int cell = 0; cell < 60; cell++) {
      close(cell, cell);
      scores.forecast(forecast(POINTS, cell, cell, cell));
      scores.due(10).stream().map(Score::cell).distinct().forEach(told::add);
    }
    assertThat(told).hasSizeBetween(5, 6);
    for (int i = 1; i < told.size(); i++) {
      assertThat(told.get(i) - told.get(i - 1)).isEqualTo(10);
    }
  }

  @Test
  void shouldBeginAnewUnderOtherSettings() {
    scores.forecast(forecast(POINTS, 10, 7, 9));
    close(11, 4);
    Scoring other = new Scoring(new ScoreSettings(List.of(1, 2), 1, 3, 12, 5, 2));
    assertThat(other.read(scores.bytes()).scores()).isEmpty();
    assertThat(scoring.read(scores.bytes()).scores()).hasSize(1);
  }

  @Test
  void shouldRefuseBytesThatAreNone() {
    scores.forecast(forecast(POINTS, 10, 7, 9));
    close(11, 4);
    byte[] bytes = scores.bytes();
    byte[] later = bytes.clone();
    later[0]++;
    assertThatThrownBy(() -> scoring.read(later))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be of a version up to 2");
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> scoring.read(cut))
          .as("%d of %d bytes", length, bytes.length)
          .isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> scoring.read(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Four members, a forecast of each from every cell. */
  private static byte[] fullState(int horizon, double[] levels, int openCells) {
    ScoreSettings settings =
        new ScoreSettings(ScoreSettings.leadsTo(horizon), 1, 24, 3 * 336, 336, openCells);
    Scoring scoring = new Scoring(settings);
    SeriesScores series = scoring.begin();
    Random random = new Random(7);
    for (int cell = 0; cell < 3_000; cell++) {
      assertThat(series.close(cell, new double[] {(float) random.nextGaussian()})).isTrue();
      for (int member = 0; member < 4; member++) {
        Contestant by =
            new Contestant("patchtst-general-" + member, "1.0.0", new int[] {0}, levels);
        series.forecast(
            new ScoredForecast(by, cell, 0, horizon, constant((float) random.nextGaussian())));
      }
    }
    return series.bytes();
  }

  @ParameterizedTest
  @CsvSource({"24,4", "96,4", "336,5"})
  void shouldTakeFewTimesTheStateOfItsSeriesWithFourModels(int horizon, int times) {
    assertThat(fullState(horizon, new double[0], 2)).hasSizeLessThanOrEqualTo(times * OWN_BYTES);
  }

  @Test
  void shouldTakeLessThanNineTimesTheStateOfItsSeriesWithFourModelsOfNineLevels() {
    double[] levels = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
    assertThat(fullState(96, levels, 2)).hasSizeLessThan(9 * OWN_BYTES);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 9, 19, 41})
  void shouldKeepNoMoreOfWaitingForecastsThanTheStateOfTheSeries(int levels) {
    ScoreSettings settings = new ScoreSettings(ScoreSettings.leadsTo(96), 1, 24, 3 * 336, 336, 0);
    int waiting = settings.waiting(1 + levels, 1);
    int forecasts = settings.leads().stream().mapToInt(lead -> Math.min(lead, waiting)).sum();
    assertThat(waiting).isBetween(1, 6);
    assertThat(forecasts * (1 + levels) * Float.BYTES).isLessThanOrEqualTo(OWN_BYTES);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,1 2", "3,1 2 3", "8,1 2 4 8", "96,1 2 4 8 16 32 64 96"})
  void shouldDoubleTheLeadsUpToTheHorizon(int horizon, String leads) {
    assertThat(ScoreSettings.leadsTo(horizon))
        .containsExactly(
            Arrays.stream(leads.split(" ")).map(Integer::valueOf).toArray(Integer[]::new));
  }

  @Test
  void shouldMakeBandsOfLeadsThatFollowEachOther() {
    ScoreSettings settings = new ScoreSettings(ScoreSettings.leadsTo(96), 1, 24, 300, 100, 2);
    List<String> bands = new ArrayList<>();
    for (int band = 0; band < settings.bands(); band++) {
      bands.add(settings.firstLead(band) + "-" + settings.lastLead(band));
    }
    assertThat(bands).containsExactly("1-2", "4-8", "16-32", "64-96");
  }

  @Test
  void shouldRefuseSettingsThatScoreNothing() {
    assertThatThrownBy(() -> new ScoreSettings(List.of(2, 1), 1, 3, 12, 4, 2))
        .hasMessage("must ascend from 1 or more: leads=[2, 1]");
    assertThatThrownBy(() -> new ScoreSettings(List.of(), 1, 3, 12, 4, 2))
        .hasMessage("must not be empty: leads=[]");
    assertThatThrownBy(() -> new ScoreSettings(List.of(1), 1, 3, 2, 4, 2))
        .hasMessage("must be at least 3: windowCells=2");
    assertThatThrownBy(() -> new ScoreSettings(List.of(1), 1, 3, 12, 0, 2))
        .hasMessage("must be positive: halfLifeCells=0.0");
  }
}
