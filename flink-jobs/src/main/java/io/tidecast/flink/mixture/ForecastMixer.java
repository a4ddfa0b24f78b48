package io.tidecast.flink.mixture;

import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.mixture.TargetMixture.Said;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes one forecast of those that are made of a series from one origin. One thread; the memory of
 * its numbers is used again.
 */
@SuppressWarnings("ReferenceEquality") // The primary is one of all, and told by which one.
final class ForecastMixer {

  private final MixtureSetup setup;
  private final GridStep step;
  private final Signatures signatures;
  private final int models;
  private final int members;
  private final int levels;

  private Said said;

  /** {@code [naive][step * targets + target]}, of the forecast at hand. */
  private float[][] ofNaives = {};

  private boolean hasQuantiles;

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
   * @param tell is given the members, where they go on
   * @return what goes out in place of the primary
   */
  IssuedForecast mix(
      MixedForecasts series, List<IssuedForecast> all, Consumer<IssuedForecast> tell) {
    IssuedForecast primary = all.get(all.size() - 1);
    Signatures.Signed signed = signatures.of(primary.issuer());
    int targets = signed.places().length;
    int horizon = primary.points().length / targets;
    if (said.mixed().length != horizon) {
      said = said(horizon);
    }
    Arrays.fill(said.shares(), 0);
    IssuedForecast[] speaking = speaking(series, all);
    float[] points = new float[horizon * targets];
    float[] quantiles = new float[horizon * targets * levels];
    if (setup.tellsMembers()) {
      ofNaives = new float[members - models][horizon * targets];
    }
    long origin = step.cell(primary.originMillis());
    hasQuantiles = true;
    for (int target = 0; target < targets; target++) {
      fill(speaking, primary, target);
      double base = primary.bases().length == 0 ? 0 : primary.bases()[target];
      hasQuantiles &= series.target(signed.places()[target]).forecast(origin, base, said);
      for (int at = 0; at < horizon; at++) {
        int to = at * targets + target;
        points[to] = said.mixed()[at];
        System.arraycopy(said.quantiles(), at * levels, quantiles, to * levels, levels);
        for (int i = 0; setup.tellsMembers() && i < ofNaives.length; i++) {
          ofNaives[i][to] = said.points()[models + i][at];
        }
      }
    }
    series.forecastFrom(origin);
    if (setup.tellsMembers()) {
      tellMembers(speaking, primary, tell);
    }
    boolean fallback = setup.mixes() ? isSilent(speaking) : primary.fallback();
    return like(primary, signed.mixed(), points, hasQuantiles ? quantiles : new float[0], fallback);
  }

  /** Whether the forecast that was mixed last has quantiles. */
  boolean hadQuantiles() {
    return hasQuantiles;
  }

  /**
   * Who of the models says something.
   *
   * @return {@code [model]}, null of one that says nothing
   */
  private IssuedForecast[] speaking(MixedForecasts series, List<IssuedForecast> all) {
    IssuedForecast[] speaking = new IssuedForecast[models];
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
        speaking[model] = one;
      }
    }
    return speaking;
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

  private static boolean isSilent(IssuedForecast[] speaking) {
    for (IssuedForecast one : speaking) {
      if (one != null) {
        return false;
      }
    }
    return true;
  }

  /** Fills in what the models say of a target. */
  private void fill(IssuedForecast[] speaking, IssuedForecast primary, int target) {
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

  private void tellMembers(
      IssuedForecast[] speaking, IssuedForecast primary, Consumer<IssuedForecast> tell) {
    Signatures.Signed signed = signatures.of(primary.issuer());
    int targets = signed.places().length;
    for (int model = 0; model < models; model++) {
      if (speaking[model] != null) {
        tell.accept(speaking[model].asMember(said.shares()[model] / targets));
      }
    }
    for (int i = 0; i < ofNaives.length; i++) {
      if (isWhole(ofNaives[i], primary.horizon() * targets)) {
        tell.accept(
            like(primary, signed.naives()[i], ofNaives[i], new float[0], false)
                .asMember(said.shares()[models + i] / targets));
      }
    }
  }

  private static boolean isWhole(float[] points, int count) {
    for (int i = 0; i < count; i++) {
      if (Float.isNaN(points[i])) {
        return false;
      }
    }
    return true;
  }

  /** The same by somebody else. */
  private static IssuedForecast like(
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
