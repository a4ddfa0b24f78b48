package io.tidecast.runtime.anomalies;

import io.tidecast.runtime.anomalies.Finding.Kind;
import io.tidecast.runtime.anomalies.Finding.Levels;
import io.tidecast.runtime.anomalies.Finding.Run;
import io.tidecast.runtime.anomalies.ShiftRule.Shift;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Holds the values of one channel of a series against what was forecast of them.
 *
 * <p>The interval around a forecast is of the errors of the newest ones ({@link ErrorWindow}), told
 * in a unit that all leads have in common ({@link LeadUnits}). When the level shifts ({@link
 * ShiftRule}), values are expected on the new level or on that of the forecasts, whichever is
 * nearer, until the forecasts have come nearer as often as a shift takes cells. One thread.
 */
final class Detector {

  private final AnomalySettings settings;
  private final int channel;
  private final Tally tally;
  private final ErrorWindow window;
  private final LeadUnits units;
  private final ShiftRule shifts;
  private final JudgedCells cells;

  /** By how much the level lies off the forecasts since a shift. */
  private double moved;

  /** How many values the new level is the mean of. */
  private int movedCells;

  /** How often forecasts were nearer than the new level. */
  private int followed;

  Detector(AnomalySettings settings, int channel, Tally tally) {
    this.settings = settings;
    this.channel = channel;
    this.tally = tally;
    this.window = new ErrorWindow(settings.interval());
    this.units = new LeadUnits(settings.interval().windowCells());
    this.shifts = new ShiftRule(settings.shiftCells());
    this.cells = new JudgedCells(settings, channel);
  }

  /**
   * Takes the value of a cell that closes.
   *
   * @param value NaN where it is missing
   * @param point what was forecast of it
   * @param findings takes what there is to tell
   */
  void close(long cell, double value, double point, Source source, List<Finding> findings) {
    int lead = (int) (cell - source.origin());
    double unit = units.of(lead);
    double above = unit * window.end(Side.ABOVE, shifts.errors(), shifts.held());
    double below = unit * window.end(Side.BELOW, shifts.errors(), shifts.held());
    if (Double.isNaN(above)) {
      learn(lead, value - point);
      return;
    }
    boolean isMoved = !(Math.abs(value - point) <= Math.abs(value - point - moved));
    double expected = moved != 0 && isMoved ? point + moved : point;
    Judged judged = new Judged(cell, value, expected, expected - below, expected + above, source);
    if (!judged.isKnown()) {
      cells.add(judged, false, findings);
      return;
    }
    tally.judged();
    double residual = value - expected;
    Shift shift =
        shifts.take(
            new ShiftRule.Value(cell, expected, residual, residual / unit),
            judged.reach(settings.rule()) / unit,
            window);
    units.add(lead, residual);
    cells.add(judged, shift != null, findings);
    if (shift != null) {
      moved = expected - point + shift.residual();
      movedCells = shift.cells();
      followed = 0;
      tell(judged, shift, findings);
    } else if (moved != 0) {
      follow(isMoved, judged);
    }
  }

  private void learn(int lead, double residual) {
    if (!Double.isNaN(residual)) {
      tally.early();
      window.add(residual / units.of(lead));
      units.add(lead, residual);
    }
  }

  /** Learns where the new level is, and whether forecasts have come to it. */
  private void follow(boolean isMoved, Judged judged) {
    if (isMoved) {
      followed = Math.max(0, followed - 1);
      movedCells++;
      double reach = judged.reach(settings.rule());
      double residual = judged.value() - judged.expected();
      moved += Math.max(-reach, Math.min(reach, residual)) / movedCells;
    } else {
      followed++;
    }
    if (followed >= settings.shiftCells()) {
      moved = 0;
      followed = 0;
    }
  }

  private void tell(Judged judged, Shift shift, List<Finding> findings) {
    if (settings.rule().sides().has(Side.of(shift.residual()))) {
      findings.add(
          new Finding(
              Kind.LEVEL_SHIFT,
              channel,
              judged,
              shift.score(),
              new Run(shift.cells(), shift.cells(), shift.since()),
              new Levels(shift.before(), shift.before() + shift.residual()),
              0,
              false));
    }
  }

  /**
   * Takes another value of a cell that has closed.
   *
   * @return false if it is too old
   */
  boolean correct(long cell, double value, List<Finding> findings) {
    return cells.correct(cell, value, findings);
  }

  /**
   * The length of {@link #write}.
   *
   * @param sources takes the models that are named
   */
  int bytes(Sources sources) {
    return Double.BYTES
        + 2 * Integer.BYTES
        + window.bytes()
        + units.bytes()
        + shifts.bytes()
        + cells.bytes(sources);
  }

  void write(ByteBuffer out, Sources sources) {
    out.putDouble(moved).putInt(movedCells).putInt(followed);
    window.write(out);
    units.write(out);
    shifts.write(out);
    cells.write(out, sources);
  }

  /** Takes what was written, in the place of what is known. */
  void read(ByteBuffer in, Sources sources) {
    moved = in.getDouble();
    movedCells = in.getInt();
    followed = in.getInt();
    window.read(in);
    units.read(in);
    shifts.read(in);
    cells.read(in, sources);
  }
}
