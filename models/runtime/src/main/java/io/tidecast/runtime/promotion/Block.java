package io.tidecast.runtime.promotion;

import java.util.BitSet;

/** What two were off by over the cells of one block. One thread. */
final class Block {

  /** Those of its cells that count an origin more, from its first cell on. */
  final BitSet origins;

  /** The newest of its cells, from its first. */
  int last;

  long primaryLoss;
  long rivalLoss;
  long count;

  Block(BitSet origins) {
    this.origins = origins;
  }

  void add(int cell, Bout bout) {
    if (bout.ofNewOrigin()) {
      origins.set(cell);
    }
    last = Math.max(last, cell);
    primaryLoss += bout.primaryLoss();
    rivalLoss += bout.rivalLoss();
    count += bout.count();
  }
}
