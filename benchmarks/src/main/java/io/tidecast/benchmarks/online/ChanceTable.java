package io.tidecast.benchmarks.online;

import io.tidecast.runtime.measures.Leads;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * On how many series intervals would be near what they say by chance, if they were right and did
 * not learn from what they have held. The right interval is the constant one around the same points
 * that holds exactly so much in hindsight. What it holds and misses is drawn again, in blocks of
 * twice the lead, as long as outcomes of forecasts that overlap are alike (a circular block
 * bootstrap: Politis and Romano, 1992).
 */
final class ChanceTable {
  private static final int DRAWS = 2_000;
  private static final int LEADS_A_BLOCK = 2;
  private static final long SEED = 11;

  private final List<MixedStream> streams;
  private final Random random = new Random(SEED);

  ChanceTable(List<MixedStream> streams) {
    this.streams = streams;
  }

  String text() {
    StringBuilder text =
        new StringBuilder(
            """
            | lead | 90 % within 88–92 % by chance | deviation | 50 % within 47–53 % by chance | deviation |
            | ---: | ---: | ---: | ---: | ---: |
            """);
    Leads leads = streams.get(0).leads();
    for (int lead = 0; lead < leads.count(); lead++) {
      text.append("| ").append(leads.step(lead)).append(" |");
      for (double coverage : new double[] {.9, .5}) {
        text.append(figures(leads.step(lead), coverage));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private String figures(int steps, double coverage) {
    double within = 0;
    double deviation = 0;
    for (MixedStream stream : streams) {
      Drawn drawn = draw(stream.errors(steps), steps, coverage, random);
      within += drawn.within;
      deviation += drawn.deviation / streams.size();
    }
    return String.format(
        Locale.ROOT, " %.1f of %d | %.1f |", within, streams.size(), 100 * deviation);
  }

  /**
   * What was drawn of one series.
   *
   * @param within the share of the draws whose coverage was near enough
   * @param deviation of the coverage
   */
  record Drawn(double within, double deviation) {}

  /**
   * Draws what a right interval would hold.
   *
   * @param errors absolute, in the order of time
   * @param steps how far ahead they were forecast
   * @param coverage what the interval says that it holds
   */
  static Drawn draw(double[] errors, int steps, double coverage, Random random) {
    int[] missed = missed(errors, coverage);
    int within = 0;
    double squares = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double off = 1 - missed(missed, LEADS_A_BLOCK * steps, random) - coverage;
      within += Math.abs(off) <= (coverage == .9 ? .02 : .03) ? 1 : 0;
      squares += off * off / DRAWS;
    }
    return new Drawn((double) within / DRAWS, Math.sqrt(squares));
  }

  /** Which are outside, summed up: {@code [i]} is how many of the first {@code i} are. */
  private static int[] missed(double[] errors, double coverage) {
    double[] sorted = errors.clone();
    Arrays.sort(sorted);
    double half = sorted[(int) Math.ceil(coverage * sorted.length) - 1];
    int[] sums = new int[errors.length + 1];
    for (int i = 0; i < errors.length; i++) {
      sums[i + 1] = sums[i] + (errors[i] > half ? 1 : 0);
    }
    return sums;
  }

  /** The share that is outside in as many outcomes as there are, drawn in blocks. */
  private static double missed(int[] sums, int block, Random random) {
    int count = sums.length - 1;
    int missed = 0;
    for (int drawn = 0; drawn < count; drawn += block) {
      int from = random.nextInt(count);
      int until = from + Math.min(block, count - drawn);
      missed += sums[Math.min(until, count)] - sums[from];
      missed += until > count ? sums[until - count] : 0;
    }
    return (double) missed / count;
  }
}
