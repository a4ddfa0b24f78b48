package io.tidecast.flink.mixture;

import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.runtime.calibration.ModelResiduals;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.mixture.TargetMixture.Said;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one forecast of those that are made of a series from one origin. One thread; the memory of
 * its numbers is used again.
 */
@SuppressWarnings("ReferenceEquality") // The primary is one of all, and told by which one.
final class ForecastMixer {

  private static final float[] NO_QUANTILES = {};

  private final MixtureSetup setup;
  private final GridStep step;
  private final Signatures signatures;
  private final int models;
  private final int members;
  private final int levels;

  private Said said;

  ForecastMixer(MixtureSetup setup) {
    this.setup = setup;
    this.step = setup.hindsight().step();
    this.signatures = new Signatures(setup);
    this.models = setup.plan().models();
    this.members = setup.plan().members();
    this.levels = setup.plan().levels().length;
    this.said = said(0);
  }

  private Said said(int horizon) {
    return new Said(
        new float[members][horizon],
        new float[horizon],
        new float[horizon],
        new float[horizon * levels],
        new double[members]);
  }

  /** Whether all that a forecast is of is kept. */
  boolean canMix(IssuedForecast primary) {
    return signatures.of(primary.issuer()).places().length > 0;
  }

  /**
   * Mixes.
   *
   * @param all members that are models, and then the primary
   */
  Mixed mix(MixedForecasts series, List<IssuedForecast> all) {
    IssuedForecast primary = all.get(all.size() - 1);
    Signatures.Signed by = signatures.of(primary.issuer());
    int targets = by.places().length;
    int horizon = primary.points().length / targets;
    if (said.mixed().length != horizon) {
      said = said(horizon);
    }
    Arrays.fill(said.shares(), 0);
    @Nullable IssuedForecast[] speaking = speaking(series, all);
    float[] points = new float[horizon * targets];
    float[] quantiles = new float[horizon * targets * levels];
    Mixed.OfNaives ofNaives = new Mixed.OfNaives(setup, primary);
    long origin = step.cell(primary.originMillis());
    boolean hasQuantiles = true;
    for (int target = 0; target < targets; target++) {
      fill(primary, speaking, target);
      double base = primary.bases().length == 0 ? 0 : primary.bases()[target];
      ModelResiduals known = primary.fallback() ? null : by.known(target);
      hasQuantiles &= series.target(by.places()[target]).forecast(origin, base, said, known);
      putInto(points, targets, target, said.mixed(), 1);
      putInto(quantiles, targets, target, said.quantiles(), levels);
      ofNaives.keep(said.points(), targets, target);
    }
    series.forecastFrom(origin);
    boolean fallback = setup.mixes() ? isSilent(speaking) : primary.fallback();
    return new Mixed(
        setup,
        Mixed.like(primary, by.mixed(), points, hasQuantiles ? quantiles : NO_QUANTILES, fallback),
        new Mixed.Of(speaking, by.naives(), ofNaives, said.shares().clone()));
  }

  /**
   * Puts what is said of one target where it belongs among all.
   *
   * @param all {@code [step][target][each]}
   * @param one {@code [step][each]}
   */
  static void putInto(float[] all, int targets, int target, float[] one, int each) {
    if (targets == 1) {
      System.arraycopy(one, 0, all, 0, one.length);
      return;
    }
    for (int from = 0; from < one.length; from += each) {
      System.arraycopy(one, from, all, from * targets + target * each, each);
    }
  }

  /**
   * Who of the models says something.
   *
   * @return {@code [model]}, null of one that says nothing
   */
  private @Nullable IssuedForecast[] speaking(MixedForecasts series, List<IssuedForecast> all) {
    @Nullable IssuedForecast[] speak = new IssuedForecast[models];
    IssuedForecast primary = all.get(all.size() - 1);
    boolean isNewest = step.cell(primary.originMillis()) > series.newestOrigin();
    for (IssuedForecast one : all) {
      Signatures.Signed signed = signatures.of(one.issuer());
      boolean isOfHere =
          one == primary
              || (one.originMillis() == primary.originMillis()
                  && one.revision() == primary.revision()
                  && signed.member() > 0);
      int model = one == primary ? 0 : signed.member();
      if (isOfHere
          && (!one.fallback() || !setup.mixes())
          && hears(series, model, signed, isNewest)) {
        speak[model] = one;
      }
    }
    return speak;
  }

  /** Another version begins anew. An older origin may be that of the version before. */
  private boolean hears(
      MixedForecasts series, int model, Signatures.Signed signed, boolean isNewest) {
    if (!setup.mixes()) {
      return true;
    }
    long before = series.speaker(model);
    if (before != signed.speaker() && before != MixedForecasts.NOBODY) {
      if (!isNewest) {
        return false;
      }
      for (int i = 0; i < setup.channels().length; i++) {
        series.target(i).replace(model);
      }
    }
    series.speaks(model, signed.speaker());
    return true;
  }

  private static boolean isSilent(@Nullable IssuedForecast[] speaking) {
    for (IssuedForecast one : speaking) {
      if (one != null) {
        return false;
      }
    }
    return true;
  }

  /** Fills in what the models say of a target. */
  private void fill(IssuedForecast primary, @Nullable IssuedForecast[] speaking, int target) {
    int targets = primary.issuer().channels();
    for (int at = 0; at < said.otherwise().length; at++) {
      said.otherwise()[at] = primary.points()[at * targets + target];
    }
    for (int model = 0; model < models; model++) {
      float[] into = said.points()[model];
      IssuedForecast one = speaking[model];
      int from = one == null ? -1 : target(one, primary, target);
      if (one == null || from < 0) {
        Arrays.fill(into, Float.NaN);
      } else if (one == primary) {
        System.arraycopy(said.otherwise(), 0, into, 0, into.length);
      } else {
        copy(one, from, primary.bases().length == 0 ? 0 : primary.bases()[target], into);
      }
    }
  }

  /** The number of a target of the primary among those of another; negative where it has not. */
  private int target(IssuedForecast one, IssuedForecast primary, int target) {
    if (one == primary) {
      return target;
    }
    int wanted = signatures.of(primary.issuer()).places()[target];
    int[] places = signatures.of(one.issuer()).places();
    for (int i = 0; i < places.length; i++) {
      if (places[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static void copy(IssuedForecast one, int target, double base, float[] into) {
    int targets = one.issuer().channels();
    int steps = Math.min(into.length, one.points().length / targets);
    boolean sameBase = base == (one.bases().length == 0 ? 0 : one.bases()[target]);
    for (int at = 0; at < steps; at++) {
      into[at] =
          sameBase ? one.points()[at * targets + target] : (float) (one.point(at, target) - base);
    }
    Arrays.fill(into, steps, into.length, Float.NaN);
  }
}
