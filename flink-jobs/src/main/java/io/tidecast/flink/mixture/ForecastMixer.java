package io.tidecast.flink.mixture;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.LeadForecast;
import io.tidecast.flink.record.LeadForecasts;
import io.tidecast.runtime.calibration.ModelResiduals;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.mixture.TargetMixture.Said;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
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

  /** {@code [model]}, who said what was mixed last; null of one that said nothing. */
  private @Nullable IssuedForecast[] speaking = {};

  /** {@code [naive][step * targets + target]}, what was mixed last, if it is shown. */
  private float[][] ofNaives = {};

  /** {@code [naive][lead * targets + target]}, the same where it is scored. */
  private float[][] scoredOfNaives = {};

  /** {@code [naive]}, whether it said something of each step. */
  private final boolean[] isWhole;

  private Signatures.@Nullable Signed signed;
  private boolean hasQuantiles;

  ForecastMixer(MixtureSetup setup) {
    this.setup = setup;
    this.step = setup.hindsight().step();
    this.signatures = new Signatures(setup);
    this.models = setup.plan().models();
    this.members = setup.plan().members();
    this.levels = setup.plan().levels().length;
    this.isWhole = new boolean[members - models];
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
   * @return what goes out in place of the primary
   */
  IssuedForecast mix(MixedForecasts series, List<IssuedForecast> all) {
    IssuedForecast primary = all.get(all.size() - 1);
    Signatures.Signed by = signatures.of(primary.issuer());
    signed = by;
    int targets = by.places().length;
    int horizon = primary.points().length / targets;
    if (said.mixed().length != horizon) {
      said = said(horizon);
    }
    Arrays.fill(said.shares(), 0);
    speaking = speaking(series, all);
    float[] points = new float[horizon * targets];
    float[] quantiles = new float[horizon * targets * levels];
    begin(primary, targets);
    long origin = step.cell(primary.originMillis());
    hasQuantiles = true;
    for (int target = 0; target < targets; target++) {
      fill(primary, target);
      double base = primary.bases().length == 0 ? 0 : primary.bases()[target];
      ModelResiduals known = primary.fallback() ? null : by.known(target);
      hasQuantiles &= series.target(by.places()[target]).forecast(origin, base, said, known);
      putInto(points, targets, target, said.mixed(), 1);
      putInto(quantiles, targets, target, said.quantiles(), levels);
      keepNaives(primary, targets, target);
    }
    series.forecastFrom(origin);
    boolean fallback = setup.mixes() ? isSilent() : primary.fallback();
    return like(primary, by.mixed(), points, hasQuantiles ? quantiles : NO_QUANTILES, fallback);
  }

  /**
   * Puts what is said of one target where it belongs among all.
   *
   * @param all {@code [step][target][each]}
   * @param one {@code [step][each]}
   */
  private static void putInto(float[] all, int targets, int target, float[] one, int each) {
    if (targets == 1) {
      System.arraycopy(one, 0, all, 0, one.length);
      return;
    }
    for (int from = 0; from < one.length; from += each) {
      System.arraycopy(one, from, all, from * targets + target * each, each);
    }
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

  private boolean isSilent() {
    for (IssuedForecast one : speaking) {
      if (one != null) {
        return false;
      }
    }
    return true;
  }

  /** Fills in what the models say of a target. */
  private void fill(IssuedForecast primary, int target) {
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

  /** Makes room for what naive members say. */
  private void begin(IssuedForecast primary, int targets) {
    Arrays.fill(isWhole, true);
    if (setup.showsMembers()) {
      ofNaives = arrays(isWhole.length, primary.points().length);
    }
    if (isScored()) {
      int leads = LeadForecast.within(setup.scoredLeads(), primary.horizon());
      scoredOfNaives = arrays(isWhole.length, leads * targets);
    }
  }

  /** The JVM makes one array after the other faster than all in one expression. */
  private static float[][] arrays(int count, int length) {
    float[][] arrays = new float[count][];
    for (int i = 0; i < count; i++) {
      arrays[i] = new float[length];
    }
    return arrays;
  }

  /** Whether what members say is scored. */
  private boolean isScored() {
    return setup.mixes() && setup.scoredLeads().length > 0;
  }

  /** Keeps what the naive members say of a target, as far as it goes on. */
  private void keepNaives(IssuedForecast primary, int targets, int target) {
    if (!setup.showsMembers() && !isScored()) {
      return;
    }
    for (int i = 0; i < isWhole.length; i++) {
      float[] points = said.points()[models + i];
      isWhole[i] &= isWhole(points, primary.horizon());
      if (setup.showsMembers()) {
        putInto(ofNaives[i], targets, target, points, 1);
      }
      for (int at = 0; isScored() && at < scoredOfNaives[i].length / targets; at++) {
        scoredOfNaives[i][at * targets + target] = points[setup.scoredLeads()[at] - 1];
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

  /** Gives out what was mixed last. A naive member that has no say at some step is left out. */
  void members(IssuedForecast mixed, Consumer<IssuedForecast> tell) {
    for (int model = 0; model < models; model++) {
      IssuedForecast one = speaking[model];
      if (one != null) {
        tell.accept(one.asMember(share(model, mixed)));
      }
    }
    for (int i = 0; i < isWhole.length; i++) {
      if (isWhole[i]) {
        tell.accept(
            like(mixed, naive(i), ofNaives[i], NO_QUANTILES, false)
                .asMember(share(models + i, mixed)));
      }
    }
  }

  private double share(int member, IssuedForecast mixed) {
    return said.shares()[member] / mixed.issuer().channels();
  }

  private Issuer naive(int number) {
    return requireNonNull(signed, "nothing was mixed").naives()[number];
  }

  /** The mixture that was made last, and what it was mixed from, to be scored. */
  LeadForecasts scored(IssuedForecast mixed) {
    int[] leads = setup.scoredLeads();
    List<LeadForecast> all = new ArrayList<>(members + 1);
    all.add(LeadForecast.of(mixed, leads));
    for (int model = 0; model < models && setup.mixes(); model++) {
      IssuedForecast one = speaking[model];
      if (one != null) {
        all.add(LeadForecast.of(one, leads).asMember(share(model, mixed)));
      }
    }
    for (int i = 0; i < isWhole.length && setup.mixes(); i++) {
      if (isWhole[i]) {
        all.add(
            new LeadForecast(
                naive(i),
                mixed.bases(),
                scoredOfNaives[i],
                NO_QUANTILES,
                mixed.horizon(),
                mixed.revision(),
                false,
                ForecastRole.MEMBER,
                share(models + i, mixed)));
      }
    }
    return new LeadForecasts(mixed.series(), mixed.originMillis(), all);
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
