package io.tidecast.flink.mixture;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.LeadForecast;
import io.tidecast.flink.record.LeadForecasts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A forecast that was mixed, and what it was mixed from. It lives until all of it has gone out: to
 * keep parts of it in something that lives for long would have the garbage collector told of each.
 *
 * @param forecast goes out in place of the primary
 * @param from what it was mixed from
 */
record Mixed(MixtureSetup setup, IssuedForecast forecast, Of from) {

  private static final float[] NO_QUANTILES = {};

  /**
   * What a forecast was mixed from.
   *
   * @param speaking {@code [model]}, null of one that said nothing
   * @param naives {@code [naive]}, as whose their forecasts go out
   * @param ofNaives what those said
   * @param shares {@code [member]}, what each weighs, added up over the targets
   */
  record Of(
      @Nullable IssuedForecast[] speaking, Issuer[] naives, OfNaives ofNaives, double[] shares) {}

  /** What the naive members said, as far as it is shown or scored. One thread. */
  static final class OfNaives {

    private final int models;
    private final int horizon;
    private final int[] leads;

    /** {@code [naive]}, whether it said something of each step. */
    private final boolean[] isWhole;

    /** {@code [naive][step * targets + target]}; empty where it is not shown. */
    private final float[][] points;

    /** {@code [naive][lead * targets + target]}; empty where it is not scored. */
    private final float[][] scored;

    /**
     * @param primary of whose steps and targets they speak
     */
    OfNaives(MixtureSetup setup, IssuedForecast primary) {
      models = setup.plan().models();
      horizon = primary.horizon();
      leads = setup.mixes() ? setup.scoredLeads() : new int[0];
      int count = setup.plan().naives().size();
      int within = LeadForecast.within(leads, horizon);
      isWhole = new boolean[count];
      Arrays.fill(isWhole, true);
      points = arrays(setup.showsMembers() ? count : 0, primary.points().length);
      scored = arrays(within > 0 ? count : 0, within * primary.issuer().channels());
    }

    /** The JVM makes one array after the other faster than all in one expression. */
    private static float[][] arrays(int count, int length) {
      float[][] arrays = new float[count][];
      for (int i = 0; i < count; i++) {
        arrays[i] = new float[length];
      }
      return arrays;
    }

    /**
     * Keeps what they say of a target.
     *
     * @param said {@code [member][step]}
     */
    void keep(float[][] said, int targets, int target) {
      for (int i = 0; i < isWhole.length; i++) {
        float[] ofOne = said[models + i];
        isWhole[i] &= isWhole(ofOne, horizon);
        if (points.length > 0) {
          ForecastMixer.putInto(points[i], targets, target, ofOne, 1);
        }
        for (int at = 0; scored.length > 0 && at < scored[i].length / targets; at++) {
          scored[i][at * targets + target] = ofOne[leads[at] - 1];
        }
      }
    }

    private static boolean isWhole(float[] points, int steps) {
      for (int at = 0; at < steps; at++) {
        if (Float.isNaN(points[at])) {
          return false;
        }
      }
      return true;
    }
  }

  /** Gives out what was mixed. A naive member that has no say at some step is left out. */
  void members(Consumer<IssuedForecast> tell) {
    for (int model = 0; model < from.speaking.length; model++) {
      IssuedForecast one = from.speaking[model];
      if (one != null) {
        tell.accept(one.asMember(share(model)));
      }
    }
    OfNaives naives = from.ofNaives;
    for (int i = 0; i < naives.isWhole.length; i++) {
      if (naives.isWhole[i]) {
        tell.accept(
            like(forecast, from.naives[i], naives.points[i], NO_QUANTILES, false)
                .asMember(share(naives.models + i)));
      }
    }
  }

  /** What a member weighs, mean over the targets. */
  private double share(int member) {
    return from.shares[member] / forecast.issuer().channels();
  }

  /** The mixture, and what it was mixed from, to be scored. */
  LeadForecasts scored() {
    int[] leads = setup.scoredLeads();
    List<LeadForecast> all = new ArrayList<>(from.shares.length + 1);
    all.add(LeadForecast.of(forecast, leads));
    for (int model = 0; model < from.speaking.length && setup.mixes(); model++) {
      IssuedForecast one = from.speaking[model];
      if (one != null) {
        all.add(LeadForecast.of(one, leads).asMember(share(model)));
      }
    }
    OfNaives naives = from.ofNaives;
    for (int i = 0; i < naives.scored.length; i++) {
      if (naives.isWhole[i]) {
        all.add(
            new LeadForecast(
                from.naives[i],
                forecast.bases(),
                naives.scored[i],
                NO_QUANTILES,
                forecast.horizon(),
                forecast.revision(),
                false,
                ForecastRole.MEMBER,
                share(naives.models + i)));
      }
    }
    return new LeadForecasts(forecast.series(), forecast.originMillis(), all);
  }

  /** The same by somebody else. */
  static IssuedForecast like(
      IssuedForecast primary, Issuer by, float[] points, float[] quantiles, boolean fallback) {
    return new IssuedForecast(
        primary.series(),
        primary.originMillis(),
        primary.issuedAtMillis(),
        by,
        primary.bases(),
        points,
        quantiles,
        primary.filledCells(),
        fallback,
        primary.revision(),
        primary.horizon(),
        primary.passed(),
        ForecastRole.PRIMARY);
  }
}
