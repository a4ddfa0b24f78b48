package io.tidecast.runtime.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a model was off on rows that it did not learn from, in units that every series has of its
 * own: at each lead, the mean absolute error that the best naive forecaster has there in the newest
 * cells of the series, before the forecast is made. Naive forecasters are the last value and, where
 * {@code seasons} names some, the seasonal naives of those.
 *
 * @param data file name of the data
 * @param windows whose forecasts were held against what happened
 * @param seasons ISO-8601 durations, ascending; empty where the unit is that of the last value
 * @param leads steps ahead, ascending from 1; the last is the horizon
 * @param levels of the quantiles, ascending
 * @param targets in the order of the point's last axis
 */
public record Residuals(
    String data,
    int windows,
    List<String> seasons,
    List<Integer> leads,
    List<Double> levels,
    List<Target> targets)
    implements Serializable {

  private static final int MOST_LEADS = 64;
  private static final int MOST_SEASONS = 8;

  public Residuals {
    Checks.notBlank("data", data);
    ManifestLimits.shortText("data", data);
    Checks.positive("windows", windows);
    seasons = seasons == null ? List.of() : List.copyOf(seasons);
    Checks.require(
        seasons.size() <= MOST_SEASONS && seasons.stream().allMatch(Residuals::isSeason),
        "must be at most " + MOST_SEASONS + " positive ISO-8601 durations",
        "seasons",
        seasons);
    Checks.present("leads", leads);
    leads = List.copyOf(leads);
    Checks.require(
        !leads.isEmpty() && leads.size() <= MOST_LEADS && ascendsFromOne(leads),
        "must be 1.." + MOST_LEADS + " steps that ascend from 1",
        "leads",
        leads);
    ManifestLimits.steps("leads", leads.get(leads.size() - 1));
    Checks.present("levels", levels);
    levels = QuantileLevels.checked(levels);
    Checks.require(!levels.isEmpty(), "must not be empty", "levels", levels);
    Checks.present("targets", targets);
    targets = List.copyOf(targets);
    ManifestLimits.values("targets × leads × levels", targets.size(), leads.size(), levels.size());
    for (Target target : targets) {
      target.requireFit(leads.size(), levels.size());
    }
  }

  /**
   * The errors of one target.
   *
   * @param growth {@code [lead]}, the unit at each lead as a multiple of that at the first,
   *     geometric mean of the windows
   * @param errors {@code [lead]}, mean absolute error, an error counting at most twice as much
   * @param quantiles {@code [lead][level]}, what happened less what was forecast
   * @param unit that of the first lead, median of the windows, in units of the series; null where
   *     the model is for series of any size
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Target(
      List<Double> growth, List<Double> errors, List<List<Double>> quantiles, @Nullable Double unit)
      implements Serializable {

    public Target {
      Checks.present("growth", growth);
      Checks.present("errors", errors);
      Checks.present("quantiles", quantiles);
      growth = List.copyOf(growth);
      errors = List.copyOf(errors);
      quantiles = quantiles.stream().map(List::copyOf).toList();
      requirePositive("growth", growth);
      requirePositive("errors", errors);
      if (unit != null) {
        requirePositive("unit", List.of(unit));
      }
    }

    private static void requirePositive(String name, List<Double> values) {
      for (double value : values) {
        Checks.require(value > 0 && Double.isFinite(value), "must be positive", name, values);
      }
    }

    private void requireFit(int leads, int levels) {
      Checks.require(
          growth.size() == leads && errors.size() == leads && quantiles.size() == leads,
          "must have one for each of " + leads + " leads",
          "growth, errors, quantiles",
          List.of(growth.size(), errors.size(), quantiles.size()));
      for (List<Double> ofALead : quantiles) {
        boolean ascends = ofALead.size() == levels;
        for (int i = 0; ascends && i < levels; i++) {
          ascends =
              Double.isFinite(ofALead.get(i)) && (i == 0 || ofALead.get(i) >= ofALead.get(i - 1));
        }
        Checks.require(ascends, "must ascend, one for each level", "quantiles", ofALead);
      }
    }
  }

  private static boolean isSeason(String text) {
    try {
      Duration season = Duration.parse(text);
      return !season.isNegative() && !season.isZero();
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static boolean ascendsFromOne(List<Integer> leads) {
    for (int i = 0; i < leads.size(); i++) {
      if (i == 0 ? leads.get(i) != 1 : leads.get(i) <= leads.get(i - 1)) {
        return false;
      }
    }
    return true;
  }
}
