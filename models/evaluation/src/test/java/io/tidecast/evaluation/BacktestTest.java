package io.tidecast.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.evaluation.backtest.Backtest;
import io.tidecast.evaluation.backtest.BacktestJson;
import io.tidecast.evaluation.backtest.BacktestPage;
import io.tidecast.evaluation.backtest.BacktestReport;
import io.tidecast.evaluation.backtest.BacktestTable;
import io.tidecast.evaluation.backtest.WindowSource;
import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.SeriesSet;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** A day of context, two hours ahead; the model repeats the value of the day before. */
class BacktestTest {
  private static final ForecasterSpec SPEC = new ForecasterSpec("any", "1", 24, 2, 1, List.of());
  private static final Split SPLIT = new Split(200, 60, 140);

  private static TimeSeries waves(int rows, int later, double slope) {
    double[] values = new double[rows];
    for (int row = 0; row < rows; row++) {
      values[row] = 50 + slope * row + 10 * Math.sin((row + later) * Math.PI / 12) + row * row % 7;
    }
    return new TimeSeries(
        List.of("value"), Duration.ofHours(later).toMillis(), Duration.ofHours(1), values);
  }

  /** As the job of a model does that takes whole contexts without gaps alone. */
  private static final WindowSource WHOLE =
      (name, data, spec) ->
          row -> {
            float[] context = new float[spec.contextLength()];
            if (row + 1 < context.length) {
              return null;
            }
            data.series().copy(row + 1 - context.length, context);
            for (float value : context) {
              if (Float.isNaN(value)) {
                return null;
              }
            }
            return new Window(
                name, data.series().timeMillis(row), data.series().step().toMillis(), context);
          };

  private static BacktestReport measure(SplitSet data) {
    try (Forecaster daily = new SeasonalNaive(SPEC, 24)) {
      return new Backtest(Split.Part.TEST, daily, (name, origin, targets, points) -> {})
          .measure(data, WHOLE, "waves.yaml");
    }
  }

  @Test
  void shouldFindTheFiguresOfAnEvaluationOfTheSameWindows() {
    SplitSeries data = SplitSeries.of(waves(400, 0, 0.05), SPLIT);

    BacktestReport report = measure(SplitSet.of(data));

    Evaluation evaluation = new Evaluation(data, Split.Part.TEST);
    Map<String, Accuracy> expected = evaluation.baselines(SPEC);
    assertThat(report.forecasters())
        .extracting(BacktestReport.Scored::name)
        .containsExactly(
            "seasonal-naive", "repeat last", "daily seasonal naive", "ridge over 24 lags");
    for (BacktestReport.Scored one : report.forecasters().subList(1, 4)) {
      assertThat(one.accuracy())
          .usingRecursiveComparison()
          .withComparatorForType(BacktestTest::nearly, Double.class)
          .isEqualTo(expected.get(one.name()));
    }
    assertThat(report.scope().maseSeason()).isEqualTo(evaluation.maseSeason());
    // The steps of the horizon together are the whole.
    BacktestReport.Scored model = report.forecasters().get(0);
    assertThat(
            model.leads().stream().mapToDouble(BacktestReport.Lead::scaledMse).average().orElse(0))
        .isCloseTo(model.accuracy().scaledMse(), within(1e-12));
  }

  private static int nearly(Double one, Double other) {
    return one.equals(other) || Math.abs(one - other) <= 1e-12 * Math.abs(other) ? 0 : 1;
  }

  @Test
  void shouldDivideSeriesAtOneTimeAndLeaveOutWhatIsNotKnown() {
    TimeSeries gaps = waves(400, 0, 0);
    // In the context of 25 windows; what one forecast is not known at all, of two not all of it.
    gaps.values()[300] = Double.NaN;
    gaps.values()[301] = Double.NaN;
    Map<String, TimeSeries> series = new LinkedHashMap<>();
    series.put("whole", waves(400, 0, 0.05));
    series.put("gaps", gaps);
    series.put("young", waves(380, 20, 0.05));
    series.put("newborn", waves(100, 300, 0));
    List<String> origins = new ArrayList<>();

    BacktestReport report;
    try (Forecaster daily = new SeasonalNaive(SPEC, 24)) {
      report =
          new Backtest(
                  Split.Part.TEST,
                  daily,
                  (name, origin, targets, points) ->
                      origins.add(name + " " + Duration.ofMillis(origin).toHours()))
              .measure(
                  SplitSet.of(new SeriesSet(series, SeriesSet.Counts.NONE), SPLIT),
                  WHOLE,
                  "waves.yaml");
    }

    // The one without a training row has no unit that its errors could be told in.
    assertThat(report.series())
        .extracting(BacktestReport.SeriesError::name)
        .containsExactlyInAnyOrder("whole", "gaps", "young");
    assertThat(report.scope().leftOut()).isEqualTo(new BacktestReport.LeftOut(25, 1, 0));
    assertThat(report.scope().windows()).isEqualTo(3 * 139 - 26);
    assertThat(origins)
        .contains("whole 259", "young 259", "whole 397", "gaps 298", "gaps 325")
        .doesNotContain("gaps 299", "gaps 300", "gaps 324", "whole 398");
    assertThat(report.worst()).hasSize(6);
    assertThat(report.worst())
        .isSortedAccordingTo((one, other) -> Double.compare(other.error(), one.error()));
    assertThat(report.forecasters())
        .extracting(BacktestReport.Scored::name)
        .containsExactly(
            "seasonal-naive", "repeat last", "daily seasonal naive", "ridge over 24 lags");
  }

  @Test
  void shouldSayWhyThereIsNothingToMeasure() {
    SplitSeries data = SplitSeries.of(waves(261, 0, 0), new Split(200, 60, 1));
    assertThatThrownBy(() -> measure(SplitSet.of(data)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must hold a window of context 24 and horizon 2");
  }

  @Test
  void shouldShowEverythingInATableAsJsonAndOnAPage() throws Exception {
    Map<String, TimeSeries> series = new LinkedHashMap<>();
    series.put("<a & \"b\">", waves(400, 0, 0.05));
    series.put("other", waves(400, 0, 0));
    BacktestReport report =
        measure(SplitSet.of(new SeriesSet(series, SeriesSet.Counts.NONE), SPLIT));

    assertThat(new BacktestTable(report).toText())
        .contains("| forecaster ", " sMAPE |", "MAE by lead", "| seasonal-naive ");
    JsonNode json = new ObjectMapper().readTree(BacktestJson.of(report));
    assertThat(json.path("windows").asInt()).isEqualTo(278);
    JsonNode model = json.path("forecasters").path(0);
    assertThat(model.path("mse").asDouble())
        .isEqualTo(report.forecasters().get(0).accuracy().mse());
    assertThat(model.path("coverage").isNull()).isTrue();
    assertThat(model.path("byLead")).hasSize(2);
    assertThat(model.path("scaledMaeByHour")).hasSize(24);
    String page = new BacktestPage(report).toHtml();
    assertThat(page).contains("&lt;a &amp; &quot;b&quot;&gt;").doesNotContain("<a &", "NaN");
    // Every plot is XML that needs nothing from elsewhere.
    int from = page.indexOf("<svg role");
    int plots = 0;
    while (from >= 0) {
      int to = page.indexOf("</svg>", from) + "</svg>".length();
      String svg = page.substring(from, to);
      assertThat(
              DocumentBuilderFactory.newInstance()
                  .newDocumentBuilder()
                  .parse(new InputSource(new StringReader(svg)))
                  .getElementsByTagName("path")
                  .getLength())
          .isPositive();
      plots++;
      from = page.indexOf("<svg role", to);
    }
    assertThat(plots).isEqualTo(2 + 2 + 6);
  }
}
