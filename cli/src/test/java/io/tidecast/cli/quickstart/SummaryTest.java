package io.tidecast.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.evaluation.Accuracy;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static final Comparison COMPARISON =
      new Comparison(accuracy(400_000, 500), accuracy(1_600_000, 1_000));

  @Test
  void shouldSayHowGoodAndHowFast() {
    String text = print(0);

    assertThat(text)
        .containsPattern("Observations in +1,344\n")
        .containsPattern("Forecasts out +1,009\n")
        .containsPattern("Dead letters +7\n")
        .containsPattern("Forecasts per second +72\\.5\n")
        .containsPattern("Latency p50 / p99 +300 ms / 1,234 ms")
        .containsPattern("the two test weeks +625 +500\\.0 +400,000\n")
        .containsPattern("weekly seasonal naive +1,000\\.0 +1,600,000\n")
        .containsPattern("of the naive's +50% +25%\n");
  }

  @Test
  void shouldOwnUpToTheBaseline() {
    assertThat(print(0)).doesNotContain("of the baseline");
    assertThat(print(12)).containsPattern("Forecasts out +1,009 +12 of the baseline\n");
  }

  private static Accuracy accuracy(double mse, double mae) {
    return new Accuracy(625, mse, mae, 0, 0, 0, 0, 0);
  }

  private static String print(int fallbacks) {
    StringWriter text = new StringWriter();
    new Summary(1344, 1009, fallbacks, 7, 72.5, new Latency(300, 1234), COMPARISON, COMPARISON)
        .print(new PrintWriter(text, true));
    return text.toString();
  }
}
