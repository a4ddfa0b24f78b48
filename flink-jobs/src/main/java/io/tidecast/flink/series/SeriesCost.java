package io.tidecast.flink.series;

/**
 * What a series takes where it is kept, bytes.
 *
 * @param heapBytes in Flink's state on the heap
 * @param diskBytes in a state backend on disk
 * @param isJournaled whether observations wait in a journal beside the array there; without one,
 *     each of them writes all of it
 */
public record SeriesCost(long heapBytes, long diskBytes, boolean isJournaled) {

  /**
   * A long name: what is made up may be up to 255 characters, what is real is rarely as long as
   * this.
   */
  private static final int NAME_BYTES = 128;

  /** Header of an array on the heap. */
  private static final int ARRAY_BYTES = 16;

  /** An entry of Flink's table of states, with its place in the table. */
  private static final int ENTRY_BYTES = 48;

  /** A text beside its array. */
  private static final int STRING_BYTES = 24;

  /** A timer, and its places in the queue and in the map that finds it. */
  private static final int TIMER_BYTES = 80;

  /** Key groups, namespaces and sequence numbers that a store on disk writes with each value. */
  private static final int RECORD_BYTES = 32;

  /**
   * Of a series with all that it may keep in a job, as the job reckons how many there is room for.
   *
   * @param watcherBytes that whoever watches its cells keeps of it
   */
  public static SeriesCost of(SeriesSettings settings, CellCloser window, long watcherBytes) {
    return of(window, settings.retention(), settings.grouped(), watcherBytes);
  }

  static SeriesCost of(CellCloser window, Retention retention, boolean grouped, long watcherBytes) {
    SeriesGrid grid = window.grid();
    int timers = window.mostTimers() + (retention.timeToLive() == null ? 0 : 1);
    SeriesCost heap = of(grid, window.journalCapacity(true), timers, grouped);
    SeriesCost disk = of(grid, window.journalCapacity(false), timers, grouped);
    return new SeriesCost(
        heap.heapBytes + watcherBytes, disk.diskBytes + watcherBytes, disk.isJournaled);
  }

  /** What share of the heap, or of the free disk, a job gives to series. */
  public static int percent(boolean isHeap) {
    return StateRoom.percent(isHeap);
  }

  /** The least heap, of all task managers together, that a job takes so many series into. */
  public long heapFor(long series) {
    return StateRoom.leastFor(true, Math.multiplyExact(heapBytes, series));
  }

  /** The least free disk, of all task managers together, that a job takes so many series onto. */
  public long diskFor(long series) {
    return StateRoom.leastFor(false, Math.multiplyExact(diskBytes, series));
  }

  /**
   * Of a series with all that it may keep.
   *
   * @param journalCapacity observations that wait beside the ring; 0 without a journal
   * @param timers that it may have
   * @param grouped whether it has the name of a group
   */
  static SeriesCost of(SeriesGrid grid, int journalCapacity, int timers, boolean grouped) {
    SeriesLayout layout = grid.layout();
    long observations =
        grid.rule().keepsObservations()
            ? (long) grid.kept().openCells() * grid.rule().maxObservations()
            : 0;
    long ring = layout.observationAt(0) + observations * layout.observationBytes();
    long journal = journalCapacity == 0 ? 0 : SeriesJournal.bytes(journalCapacity, grid.channels());
    long name = STRING_BYTES + ARRAY_BYTES + NAME_BYTES;
    long heap =
        name
            + (ENTRY_BYTES + ARRAY_BYTES + ring)
            + (journal == 0 ? 0 : ENTRY_BYTES + ARRAY_BYTES + journal)
            + (grouped ? ENTRY_BYTES + name : 0)
            + (long) timers * TIMER_BYTES;
    long key = RECORD_BYTES + NAME_BYTES;
    long disk =
        (key + ring)
            + (journal == 0 ? 0 : key + journal)
            + (grouped ? key + NAME_BYTES : 0)
            + timers * key;
    return new SeriesCost(heap, disk, journal != 0);
  }
}
