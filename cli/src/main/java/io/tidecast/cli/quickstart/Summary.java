package io.tidecast.cli.quickstart;

import io.tidecast.evaluation.Accuracy;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * What the quickstart has seen, as people are told it.
 *
 * @param observations accepted by the broker
 * @param forecasts readable by a read_committed consumer
 * @param fallbacks how many of the forecasts the baseline had to make
 * @param deadLetters readable likewise
 * @param forecastsPerSecond from the first full context to the last forecast
 * @param known over the forecasts whose whole horizon has happened
 * @param test over those among them that lie in the test weeks
 */
record Summary(
    int observations,
    int forecasts,
    int fallbacks,
    int deadLetters,
    double forecastsPerSecond,
    Latency latency,
    Comparison known,
    Comparison test) {

  void print(PrintWriter out) {
    line(out, "Observations in          %,9d", observations);
    line(out, "Forecasts out            %,9d%s", forecasts, fallbackNote());
    line(out, "Dead letters             %,9d", deadLetters);
    line(out, "Forecasts per second     %,9.1f", forecastsPerSecond);
    line(
        out,
        "Latency p50 / p99        %,6d ms / %,d ms   observation accepted -> forecast readable",
        latency.p50Millis(),
        latency.p99Millis());
    out.println();
    line(out, "Error of the forecasts        windows    MAE (MW)      MSE (MW²)");
    errors(out, "every known outcome", known);
    errors(out, "the two test weeks", test);
    out.flush();
  }

  private String fallbackNote() {
    return fallbacks == 0 ? "" : String.format(Locale.ROOT, "   %,d of the baseline", fallbacks);
  }

  private static void errors(PrintWriter out, String what, Comparison comparison) {
    Accuracy accuracy = comparison.model();
    Accuracy naive = comparison.naive();
    line(
        out,
        "%-27s %,9d %,11.1f %,14.0f",
        what,
        accuracy.windows(),
        accuracy.mae(),
        accuracy.mse());
    line(out, "  weekly seasonal naive               %,11.1f %,14.0f", naive.mae(), naive.mse());
    line(
        out,
        "  of the naive's                      %10.0f%% %13.0f%%",
        100 * accuracy.mae() / naive.mae(),
        100 * accuracy.mse() / naive.mse());
  }

  private static void line(PrintWriter out, String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }
}
