package io.tidecast.flink.series;

/**
 * What a series takes where it is kept, bytes.
 *
 * @param heapBytes in Flink's state on the heap
 * @param diskBytes in a state backend on disk
 */
record SeriesCost(long heapBytes, long diskBytes) {

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

  /** The same series with what another operator keeps of it. */
  SeriesCost plus(long bytes) {
    return new SeriesCost(heapBytes + bytes, diskBytes + bytes);
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
    return new SeriesCost(heap, disk);
  }
}
