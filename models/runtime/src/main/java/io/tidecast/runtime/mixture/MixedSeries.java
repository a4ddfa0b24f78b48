package io.tidecast.runtime.mixture;

import io.tidecast.runtime.calibration.Calibration;
import io.tidecast.runtime.measures.Leads;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One series whose forecasts are mixed, calibrated and answered for: it is told of each cell that
 * closes and of what the members forecast, and gives the mixture with its quantiles. What was
 * forecast of cells that are still open it keeps, at the leads alone. One thread.
 *
 * <p>Cells are counted from anywhere, one after the other. A cell closes before the forecast that
 * is made at it.
 */
public final class MixedSeries {
  private static final long NO_CELL = Long.MIN_VALUE;

  private final Leads leads;
  private final MixtureWeights weights;
  private final Calibration calibration;
  private final int members;
  private final int width;

  /**
   * For each lead as many rows as it has steps: {@code member points, mixed point, quantiles}; a
   * mixed point of NaN where there is no forecast.
   */
  private final float[] pending;

  private long lastCell = NO_CELL;

  /** Whether there are no quantiles before the calibration was started. */
  private boolean startsElsewhere;

  /** Makes a series that has learned nothing yet, and has no plan in common with others. */
  public MixedSeries(Leads leads, int members, double... levels) {
    this(leads, members, new Calibration.Plan(leads, levels));
  }

  /**
   * Makes a series that has learned nothing yet.
   *
   * @param quantiles of the same leads
   */
  MixedSeries(Leads leads, int members, Calibration.Plan quantiles) {
    this.leads = leads;
    this.members = members;
    this.weights = new MixtureWeights(leads, members);
    this.calibration = new Calibration(quantiles);
    this.width = members + 1 + calibration.levels();
    this.pending = new float[leads.stepsBefore(leads.count()) * width];
    Arrays.fill(pending, Float.NaN);
  }

  /** As {@link TargetMixture#fetch} does. */
  double fetch() {
    double sum = weights.fetch() + calibration.fetch();
    for (int lead = 0; lead < leads.count(); lead++) {
      sum += pending[row(lead, lastCell + 1)];
    }
    return sum;
  }

  /** The last cell that has closed, or that it began behind. */
  long lastCell() {
    return lastCell;
  }

  /** The weights, to be looked at, or for a member that is replaced. */
  public MixtureWeights weights() {
    return weights;
  }

  /** The calibration, to be looked at or started. */
  public Calibration calibration() {
    return calibration;
  }

  /** The number of bytes that {@link #write} writes. */
  public int bytes() {
    return Long.BYTES + 1 + weights.bytes() + calibration.bytes() + pending.length * Float.BYTES;
  }

  /** Writes everything that it knows. */
  public void write(ByteBuffer destination) {
    destination.putLong(lastCell).put((byte) (startsElsewhere ? 1 : 0));
    weights.write(destination);
    calibration.write(destination);
    for (float value : pending) {
      destination.putFloat(value);
    }
  }

  /**
   * Takes what {@link #write} wrote, in the place of what it knows.
   *
   * @param version of what was written, as of {@link Calibration#read}
   */
  public void read(ByteBuffer source, int version) {
    lastCell = source.getLong();
    startsElsewhere = source.get() != 0;
    weights.read(source);
    calibration.read(source, version);
    for (int i = 0; i < pending.length; i++) {
      pending[i] = source.getFloat();
    }
  }

  /**
   * Learns from a cell that has closed. Cells between the last one and this count as missing.
   *
   * @param cell number of the cell, greater than the last one
   * @param actual its value; NaN where it is missing
   */
  public void close(long cell, double actual) {
    if (lastCell != NO_CELL) {
      if (cell <= lastCell) {
        throw new IllegalArgumentException(
            "must be greater than the last one, " + lastCell + ": cell=" + cell);
      }
      forgetBetween(lastCell + 1, cell);
      weights.elapse(cell - lastCell);
    }
    lastCell = cell;
    for (int lead = 0; lead < leads.count(); lead++) {
      int at = row(lead, cell);
      float mixed = pending[at + members];
      if (!Float.isNaN(mixed)) {
        weights.learn(lead, actual, pending, at, mixed);
        if (!Float.isNaN(pending[at + members + 1])) {
          calibration.learn(lead, actual, mixed, pending, at + members + 1);
        }
        pending[at + members] = Float.NaN;
      }
    }
  }

  private void forgetBetween(long from, long until) {
    if (until - from >= leads.horizon()) {
      Arrays.fill(pending, Float.NaN);
      return;
    }
    for (long cell = from; cell < until; cell++) {
      for (int lead = 0; lead < leads.count(); lead++) {
        pending[row(lead, cell) + members] = Float.NaN;
      }
    }
  }

  /** Where the forecast of a cell at a lead is kept: its origin has the same remainder. */
  private int row(int lead, long cell) {
    return (leads.stepsBefore(lead) + (int) Math.floorMod(cell, (long) leads.step(lead))) * width;
  }

  /**
   * Mixes a forecast made at the last cell that closed.
   *
   * @param points {@code [member][step]}, whole horizons; NaN throughout where a member says
   *     nothing
   * @param mixed receives {@code [step]}
   * @param quantiles receives {@code [step][level]}, row-major
   */
  public void forecast(float[][] points, float[] mixed, float[] quantiles) {
    mix(points, null, mixed);
    calibration.quantiles(mixed, quantiles);
    keep(lastCell, points, mixed, quantiles);
  }

  /**
   * Mixes a forecast.
   *
   * @param origin the last cell that closed, or one before it
   */
  void forecast(long origin, TargetMixture.Said said) {
    Mixer mixer = mix(said.points(), said.otherwise(), said.mixed());
    addShares(mixer, said.points(), said.shares());
    calibration.quantiles(said.mixed(), said.quantiles());
    keep(origin, said.points(), said.mixed(), said.quantiles());
  }

  /**
   * @param otherwise what holds where no member says anything; null where one always does
   */
  private Mixer mix(float[][] points, float @Nullable [] otherwise, float[] mixed) {
    // Not kept: what was computed for a series long ago is far from the processor.
    Mixer mixer = new Mixer(leads, members);
    mixer.follow(weights);
    mixer.mix(points, mixed);
    for (int step = 0; otherwise != null && step < mixed.length; step++) {
      if (Float.isNaN(mixed[step])) {
        mixed[step] = otherwise[step];
      }
    }
    return mixer;
  }

  /** Keeps what was forecast of cells that are still open. */
  private void keep(long origin, float[][] points, float[] mixed, float[] quantiles) {
    int levels = calibration.levels();
    boolean calibrated = !startsElsewhere || calibration.isStarted();
    for (int lead = 0; lead < leads.count(); lead++) {
      int step = leads.step(lead);
      if (origin + step <= lastCell) {
        continue;
      }
      int at = row(lead, origin + step);
      for (int k = 0; k < members; k++) {
        pending[at + k] = points[k][step - 1];
      }
      pending[at + members] = mixed[step - 1];
      if (calibrated) {
        System.arraycopy(quantiles, (step - 1) * levels, pending, at + members + 1, levels);
      } else {
        Arrays.fill(pending, at + members + 1, at + width, Float.NaN);
      }
    }
  }

  /** Adds what each member weighs, mean over the leads; nothing where none says anything. */
  private void addShares(Mixer mixer, float[][] points, double[] shares) {
    for (int lead = 0; lead < leads.count(); lead++) {
      int step = leads.step(lead) - 1;
      double total = 0;
      for (int k = 0; k < members; k++) {
        total += Float.isNaN(points[k][step]) ? 0 : mixer.weight(lead, k);
      }
      for (int k = 0; k < members && total > 0; k++) {
        if (!Float.isNaN(points[k][step])) {
          shares[k] += mixer.weight(lead, k) / total / leads.count();
        }
      }
    }
  }

  /**
   * Begins behind a cell that has closed; quantiles begin with what the calibration is started
   * with.
   */
  void begin(long cell) {
    lastCell = cell;
    startsElsewhere = true;
  }

  /** Has everything that was forecast told from another base. */
  void shift(double by) {
    for (int i = 0; i < pending.length; i++) {
      pending[i] = (float) (pending[i] + by);
    }
  }

  /** Has a member begin anew, of whose forecasts none is open. */
  void replace(int member) {
    weights.replace(member);
    for (int at = member; at < pending.length; at += width) {
      pending[at] = Float.NaN;
    }
  }
}
