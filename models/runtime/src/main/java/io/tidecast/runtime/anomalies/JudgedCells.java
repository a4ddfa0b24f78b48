package io.tidecast.runtime.anomalies;

import io.tidecast.runtime.anomalies.AnomalySettings.Rule;
import io.tidecast.runtime.anomalies.Finding.Kind;
import io.tidecast.runtime.anomalies.Finding.Levels;
import io.tidecast.runtime.anomalies.Finding.Run;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest cells of a channel with what was expected of them, and which of them were told to be
 * anomalies under the rule of the run. A correction is judged by the interval of then. Of the cells
 * that are no longer open those that are missing go first, for a run passes over them. One thread.
 */
final class JudgedCells {

  private static final long NEVER = Long.MIN_VALUE;
  private static final int TOLD = 1;
  private static final int SHIFT = 2;

  /** What the revision is moved by in the byte of both. */
  private static final int REVISION_BITS = 2;

  private final AnomalySettings settings;
  private final int channel;
  private final List<Entry> cells = new ArrayList<>();

  /** The newest anomaly among the cells that are kept no more. */
  private long toldBefore = NEVER;

  /**
   * A cell.
   *
   * @param revision of what is told of it next
   */
  private record Entry(Judged value, boolean isTold, boolean isShift, int revision) {

    Entry with(double corrected) {
      return new Entry(value.with(corrected), isTold, isShift, revision);
    }

    /** The same after something was told of it. */
    Entry told(boolean isAnomaly) {
      return new Entry(value, isAnomaly, isShift, Math.min(revision + 1, Finding.LAST_REVISION));
    }
  }

  JudgedCells(AnomalySettings settings, int channel) {
    this.settings = settings;
    this.channel = channel;
  }

  /** Takes the next cell, and tells whether it is an anomaly; one that made a shift is none. */
  void add(Judged value, boolean isShift, List<Finding> findings) {
    if (cells.size() == settings.keptCells()) {
      drop();
    }
    cells.add(new Entry(value, false, isShift, 0));
    decide(cells.size() - 1, false, findings);
  }

  /** Drops the oldest cell that is missing and no longer open, or else the oldest of all. */
  private void drop() {
    int at = 0;
    int open = cells.size() - settings.openCells();
    while (at < open && cells.get(at).value.isKnown()) {
      at++;
    }
    Entry gone = cells.remove(at < open ? at : 0);
    toldBefore = gone.isTold ? gone.value.cell() : toldBefore;
  }

  /**
   * Takes another value of a cell.
   *
   * @return false if the cell is not kept
   */
  boolean correct(long cell, double value, List<Finding> findings) {
    int at = cells.size() - 1;
    while (at >= 0 && cells.get(at).value.cell() > cell) {
      at--;
    }
    if (at < 0 || cells.get(at).value.cell() != cell) {
      return false;
    }
    Entry before = cells.get(at);
    boolean isNoNews = Double.isNaN(value) || before.value.value() == value;
    if (isNoNews) {
      return true;
    }
    cells.set(at, before.with(value));
    decide(at, before.isTold, findings);
    for (int later = at + 1; later < cells.size(); later++) {
      decide(later, false, findings);
    }
    return true;
  }

  /** Tells of a cell whether it has become an anomaly or is one no more. */
  private void decide(int at, boolean hasOtherValue, List<Finding> findings) {
    Entry entry = cells.get(at);
    Run run = run(at);
    boolean isAnomaly =
        !entry.isShift
            && entry.value.isOutside(settings.rule())
            && run.outside() >= settings.rule().run().outside()
            && !isCooling(at);
    if (isAnomaly != entry.isTold || (isAnomaly && hasOtherValue)) {
      cells.set(at, entry.told(isAnomaly));
      findings.add(
          new Finding(
              Kind.ANOMALY,
              channel,
              entry.value,
              entry.value.score(settings.rule()),
              run,
              Levels.NONE,
              entry.revision,
              !isAnomaly));
    }
  }

  /** The values up to one that lie outside on its side. */
  private Run run(int last) {
    Rule rule = settings.rule();
    Side side = cells.get(last).value.side();
    int outside = 0;
    int among = 0;
    long since = cells.get(last).value.cell();
    for (int at = last; at >= 0 && among < rule.run().among(); at--) {
      Judged value = cells.get(at).value;
      if (value.isKnown()) {
        among++;
        if (value.side() == side && value.isOutside(rule)) {
          outside++;
          since = value.cell();
        }
      }
    }
    return new Run(outside, among, since);
  }

  private boolean isCooling(int at) {
    long last = toldBefore;
    for (int before = at - 1; before >= 0; before--) {
      if (cells.get(before).isTold) {
        last = cells.get(before).value.cell();
        break;
      }
    }
    return last != NEVER && cells.get(at).value.cell() - last <= settings.rule().coolDownCells();
  }

  /** The length of {@link #write}. */
  int bytes(Sources sources) {
    for (Entry entry : cells) {
      sources.add(entry.value.source());
    }
    return Long.BYTES + Integer.BYTES + cells.size() * (Judged.BYTES + Integer.BYTES + 1);
  }

  /**
   * Writes the cells.
   *
   * @param sources has those of {@link #bytes}
   */
  void write(ByteBuffer out, Sources sources) {
    out.putLong(toldBefore).putInt(cells.size());
    for (Entry entry : cells) {
      entry.value.write(out);
      out.putInt(sources.add(entry.value.source()));
      int flags = (entry.isTold ? TOLD : 0) + (entry.isShift ? SHIFT : 0);
      out.put((byte) (flags + (entry.revision << REVISION_BITS)));
    }
  }

  void read(ByteBuffer in, Sources sources) {
    toldBefore = in.getLong();
    int count = KeptBytes.count("cells", in.getInt(), in.remaining());
    for (int i = 0; i < count; i++) {
      long cell = in.getLong();
      double value = in.getDouble();
      double expected = in.getDouble();
      double lower = in.getDouble();
      double upper = in.getDouble();
      long origin = in.getLong();
      Source source = sources.get(in.getInt(), origin);
      int flags = Byte.toUnsignedInt(in.get());
      cells.add(
          new Entry(
              new Judged(cell, value, expected, lower, upper, source),
              (flags & TOLD) != 0,
              (flags & SHIFT) != 0,
              flags >> REVISION_BITS));
    }
    while (cells.size() > settings.keptCells()) {
      drop();
    }
  }
}
