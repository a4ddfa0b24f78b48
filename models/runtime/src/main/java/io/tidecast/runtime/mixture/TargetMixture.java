package io.tidecast.runtime.mixture;

import io.tidecast.runtime.calibration.ModelResiduals;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One target of a series whose forecasts are mixed and calibrated: its newest cells, by which the
 * naive members forecast, and what has been learned of the members. It begins to learn with the
 * first forecast. One thread.
 *
 * <p>A forecast whose horizon is another than that of those before begins to learn anew.
 *
 * <p>Quantiles begin with how far the best of the naive forecasters would have been off in the
 * cells that are kept. As long as those are too few, there are no quantiles.
 */
public final class TargetMixture {

  private final MixturePlan plan;
  private final RecentCells cells;
  private @Nullable MixedSeries mixed;
  private int horizon;

  /** What the numbers of {@code mixed} are told from. */
  private double base;

  TargetMixture(MixturePlan plan) {
    this.plan = plan;
    this.cells = new RecentCells(plan.keptCells());
  }

  /**
   * What is said of one target from one origin, and what becomes of it. Its arrays are the
   * caller's, and used again.
   *
   * @param points {@code [member][step]}, less the base; those of models are given, NaN where one
   *     says nothing, and those of naive members are filled in
   * @param otherwise {@code [step]}, less the base: what holds where no member says anything
   * @param mixed receives {@code [step]}, less the base
   * @param quantiles receives {@code [step][level]}, row-major, less the base
   * @param shares {@code [member]}, to which what each weighs is added, mean over the leads
   */
  public record Said(
      float[][] points, float[] otherwise, float[] mixed, float[] quantiles, double[] shares) {}

  /**
   * Reads one number from each line of memory that the next cell and the next forecast need, so
   * that all come from memory at once.
   *
   * @return what they add up to
   */
  public double fetch() {
    return mixed == null ? 0 : mixed.fetch();
  }

  /** The number of the newest cell; {@link RecentCells#NONE} before the first. */
  public long newest() {
    return cells.newest();
  }

  /**
   * Learns from a cell that has closed. Another value of a cell that had closed before counts for
   * the naive members from then on; what was learned from the first one stays. Nothing is learned
   * from a cell through the origin of the first forecast: where what was known of before was of
   * another plan, corrections of such cells may be the first to come.
   *
   * @param actual NaN where it is missing
   * @return false if the cell is older than what is kept
   */
  public boolean close(long cell, double actual) {
    boolean isNew = cells.newest() == RecentCells.NONE || cell > cells.newest();
    boolean taken = cells.put(cell, actual);
    if (isNew && mixed != null && cell > mixed.lastCell()) {
      mixed.close(cell, actual - base);
    }
    return taken;
  }

  /**
   * Mixes a forecast. The cells up to its origin have been closed.
   *
   * @param origin cell that it is made from
   * @param base what all numbers are told from, units of the series
   * @return whether there are quantiles
   */
  public boolean forecast(long origin, double base, Said said) {
    return forecast(origin, base, said, null);
  }

  /**
   * Mixes a forecast. The cells up to its origin have been closed.
   *
   * @param origin cell that it is made from
   * @param base what all numbers are told from, units of the series
   * @param known of the model that answers, for a target that begins; null where nothing is
   * @return whether there are quantiles
   */
  public boolean forecast(long origin, double base, Said said, @Nullable ModelResiduals known) {
    MixedSeries series = series(said.mixed.length, origin, base);
    for (int i = 0; i < plan.naives().size(); i++) {
      plan.naives().get(i).forecast(cells, origin, base, said.points[plan.models() + i]);
    }
    boolean hasQuantiles =
        series.calibration().isStarted()
            || StartingErrors.start(series.calibration(), plan, cells, known);
    series.forecast(origin, said);
    return hasQuantiles;
  }

  private MixedSeries series(int steps, long origin, double newBase) {
    MixedSeries series = mixed;
    if (series == null || horizon != steps) {
      series = plan.series(steps);
      series.begin(Math.max(origin, cells.newest()));
      mixed = series;
      horizon = steps;
    } else if (base != newBase) {
      series.shift(base - newBase);
    }
    base = newBase;
    return series;
  }

  /** What each member weighs by now, {@code [member]}, mean over the leads; all alike at first. */
  public double[] weights() {
    double[] means = new double[plan.members()];
    if (mixed == null) {
      Arrays.fill(means, 1.0 / means.length);
      return means;
    }
    int leads = mixed.weights().leads().count();
    double[][] all = new double[leads][means.length];
    mixed.weights().weights(all);
    for (double[] ofALead : all) {
      for (int k = 0; k < means.length; k++) {
        means[k] += ofALead[k] / leads;
      }
    }
    return means;
  }

  /** Has a member begin anew, because another takes its place. */
  public void replace(int member) {
    if (mixed != null) {
      mixed.replace(member);
    }
  }

  /** The number of bytes that {@link #write} writes. */
  public int bytes() {
    return Integer.BYTES + Double.BYTES + cells.bytes() + (mixed == null ? 0 : mixed.bytes());
  }

  /**
   * Writes everything that it knows, big-endian: the horizon (int; 0 where nothing has been
   * forecast), the base (double), the cells, what has been learned.
   */
  public void write(ByteBuffer destination) {
    destination.putInt(mixed == null ? 0 : horizon).putDouble(base);
    cells.write(destination);
    if (mixed != null) {
      mixed.write(destination);
    }
  }

  /**
   * Takes what {@link #write} wrote under the same plan, in the place of what it knows.
   *
   * @param version of what was written: 2, or 1, in which a calibration had no unrest
   */
  public void read(ByteBuffer source, int version) {
    horizon = source.getInt();
    base = source.getDouble();
    cells.read(source);
    mixed = null;
    if (horizon > 0) {
      MixedSeries series = plan.series(horizon);
      series.read(source, version);
      mixed = series;
    }
  }
}
