package io.tidecast.runtime.promotion;

/** How a contest of two stands. One thread. */
final class Window {

  int origins;
  int blocks;
  int won;
  int lost;
  double primaryLoss;
  double rivalLoss;
  double count;

  /** The newest that it has. */
  long lastBlock;

  /** The newest of its newest block. */
  long lastCell;

  void add(long number, long firstCell, Block block) {
    origins += block.origins.cardinality();
    blocks++;
    won += block.rivalLoss < block.primaryLoss ? 1 : 0;
    lost += block.rivalLoss > block.primaryLoss ? 1 : 0;
    primaryLoss += (double) block.primaryLoss / Bout.UNIT;
    rivalLoss += (double) block.rivalLoss / Bout.UNIT;
    count += block.count;
    lastBlock = number;
    lastCell = firstCell + block.last;
  }

  Verdict verdict(Pair pair) {
    return new Verdict(
        Verdict.Kind.KEEPS,
        pair.primary(),
        pair.rival(),
        lastCell,
        origins,
        won,
        lost,
        primaryLoss / count,
        rivalLoss / count,
        SignTest.pValue(won, lost));
  }
}
