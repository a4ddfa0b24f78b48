package io.tidecast.page.kept;

import static java.util.Objects.requireNonNull;

/** All that a page shows: what it is about, series, and what stands beside them. */
public record Shown(About about, PageStore store, PageBoard board) {
  public Shown {
    requireNonNull(about, "about is null");
    requireNonNull(store, "store is null");
    requireNonNull(board, "board is null");
  }
}
