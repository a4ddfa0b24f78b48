package io.tidecast.benchmarks.online;

import static java.util.Objects.requireNonNull;

import io.tidecast.benchmarks.online.MixedStream.Begin;
import io.tidecast.evaluation.ResidualSum;
import io.tidecast.runtime.calibration.ModelResiduals;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.mixture.RecentCells;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the first intervals of new series cover: with what their own cells tell alone, and with what
 * the manifest of the model would say that had been measured on the other sets. Sets of the same
 * file as the series are not among those.
 */
final class StartTable {
  /** So many forecasts are made of a series that begins. */
  private static final int FIRST = 100;

  /** A series of the set begins so many cells after the one before. */
  private static final int EVERY = 400;

  private static final int[] KNOWN_CELLS = {9, 24, 100, 672};
  private static final List<String> SEASONS = List.of("P1D", "P7D");

  private final List<MemberStream> streams;
  private final Leads leads;

  /** By title, in units of the last value and of the seasons that the stream has. */
  private final Map<String, List<Residuals>> measured = new HashMap<>();

  StartTable(List<MemberStream> streams) {
    this.streams = streams;
    this.leads = Leads.upTo(streams.get(0).horizon());
    for (MemberStream stream : streams) {
      measured.put(
          stream.title(), List.of(measured(stream, List.of()), measured(stream, stream.seasons())));
    }
  }

  /** What the manifest would say of the model on a stream. */
  private Residuals measured(MemberStream stream, List<Integer> seasons) {
    int[] cellsOfSeasons = seasons.stream().mapToInt(Integer::intValue).toArray();
    ResidualSum sum = new ResidualSum(leads, cellsOfSeasons);
    RecentCells cells = new RecentCells(stream.context());
    for (int back = stream.context() - 1; back > 0; back--) {
      cells.put(-back, stream.actual(0, -back));
    }
    double[] errors = new double[leads.count()];
    for (int i = 0; i < stream.count(); i++) {
      cells.put(i, stream.actual(i, 0));
      for (int lead = 0; lead < errors.length; lead++) {
        int steps = leads.step(lead);
        errors[lead] = stream.actual(i, steps) - stream.at(i)[0][steps - 1];
      }
      sum.add(cells, errors);
    }
    return ResidualSum.of(stream.title(), SEASONS.subList(0, seasons.size()), false, List.of(sum));
  }

  private @Nullable ModelResiduals ofOthers(MemberStream stream, boolean mixes) {
    List<Residuals> others =
        streams.stream()
            .filter(other -> !other.set().file().equals(stream.set().file()))
            .flatMap(other -> requireNonNull(measured.get(other.title())).stream())
            .toList();
    // The seasons of a set are whole numbers of steps, if not always a day and a week.
    Duration step = Duration.ofDays(1).dividedBy(stream.set().day());
    boolean isWhole = step.multipliedBy(stream.set().day()).equals(Duration.ofDays(1));
    return ModelResiduals.of(others, 0, step, mixes && isWhole ? stream.seasons() : List.of());
  }

  String text() {
    StringBuilder text =
        new StringBuilder(
            """
            | forecasts | cells known | begins with | steps ahead | 90 % covers | mean distance from 90 | 50 % covers | quantile loss |
            | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |
            """);
    for (boolean mixes : new boolean[] {false, true}) {
      for (int cells : KNOWN_CELLS) {
        Figures own = figures(mixes, cells, false);
        Figures model = figures(mixes, cells, true);
        for (int lead = 0; lead < leads.count(); lead += 2) {
          text.append(row(mixes, cells, "own cells", lead, own, own));
          text.append(row(mixes, cells, "and manifest", lead, model, own));
        }
      }
    }
    return text.toString();
  }

  private String row(
      boolean mixes, int cells, String begins, int lead, Figures figures, Figures own) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %d | %.1f %% | %.1f | %.1f %% | %.3f |%n",
        mixes ? "mixture" : "model",
        cells,
        begins,
        leads.step(lead),
        100 * figures.covered90[lead] / streams.size(),
        100 * figures.distance[lead] / streams.size(),
        100 * figures.covered50[lead] / streams.size(),
        Math.exp((figures.logLoss[lead] - own.logLoss[lead]) / streams.size()));
  }

  /** Sums over the streams, each of which counts alike. */
  private record Figures(
      double[] covered90, double[] distance, double[] covered50, double[] logLoss) {}

  private Figures figures(boolean mixes, int cells, boolean withManifest) {
    int count = leads.count();
    Figures figures =
        new Figures(new double[count], new double[count], new double[count], new double[count]);
    for (MemberStream stream : streams) {
      ModelResiduals known = withManifest ? ofOthers(stream, mixes) : null;
      double[][] sums = new double[count][4];
      for (int first = 0; first + FIRST + leads.horizon() < stream.count(); first += EVERY) {
        MixedStream begun = MixedStream.of(stream, new Begin(mixes, first, cells, known), FIRST);
        for (int lead = 0; lead < count; lead++) {
          add(begun, first, leads.step(lead), sums[lead]);
        }
      }
      for (int lead = 0; lead < count; lead++) {
        double held = sums[lead][1] / sums[lead][0];
        figures.covered90[lead] += held;
        figures.distance[lead] += Math.abs(held - .9);
        figures.covered50[lead] += sums[lead][2] / sums[lead][0];
        figures.logLoss[lead] += Math.log(sums[lead][3]);
      }
    }
    return figures;
  }

  private static void add(MixedStream begun, int first, int steps, double[] sums) {
    double[][] wide = begun.bounds(steps, .9);
    double[][] narrow = begun.bounds(steps, .5);
    for (int i = 0; i < FIRST; i++) {
      double actual = begun.stream().actual(first + i, steps);
      if (!Double.isNaN(actual)) {
        sums[0]++;
        sums[1] += wide[i][0] <= actual && actual <= wide[i][1] ? 1 : 0;
        sums[2] += narrow[i][0] <= actual && actual <= narrow[i][1] ? 1 : 0;
        sums[3] += loss(actual, wide[i], .05) + loss(actual, narrow[i], .25);
      }
    }
  }

  /** Of both quantiles of an interval. */
  private static double loss(double actual, double[] bounds, double level) {
    return Arrays.stream(
            new double[] {
              (level - (actual < bounds[0] ? 1 : 0)) * (actual - bounds[0]),
              (1 - level - (actual < bounds[1] ? 1 : 0)) * (actual - bounds[1])
            })
        .sum();
  }
}
