package io.tidecast.runtime.promotion;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The contests for one place: every model that stands beside the primary, and the seasonal naive,
 * against the primary. What comes of it depends on what is added before a block is closed, and not
 * on its order. One thread.
 */
public final class Contest {

  /** Blocks that may be open at once; a cell of further ahead is none of this time. */
  static final int MOST_OPEN = 1_000;

  /** Pairs that are compared at once. */
  static final int MOST_PAIRS = 64;

  private static final long NONE = Long.MIN_VALUE;

  private final PromotionRule rule;

  /** Of blocks that may still have more. */
  final TreeMap<Long, SortedMap<Pair, Block>> open = new TreeMap<>();

  final TreeMap<Pair, Window> windows = new TreeMap<>();

  /** All blocks up to this one are closed. */
  long closed = NONE;

  /** Origins that are to pass before anything is compared. */
  int cooling;

  /** Who has the place, as the newest cell says. */
  @Nullable ModelName primary;

  long newestCell = NONE;

  /** Begins without anything known. */
  public Contest(PromotionRule rule) {
    this.rule = rule;
  }

  /**
   * Goes on from what was kept; one that was kept with blocks of another length begins anew.
   *
   * @throws IllegalStateException if the bytes are none of a contest, or of a later version
   */
  public static Contest read(PromotionRule rule, byte[] bytes) {
    return ContestBytes.read(rule, bytes);
  }

  /** What there is to keep of it, in bytes that say their version. */
  public byte[] bytes() {
    return ContestBytes.write(this);
  }

  PromotionRule rule() {
    return rule;
  }

  /** Whether what a cell says can still be added. */
  private boolean isOpen(long block) {
    return block > closed && (open.containsKey(block) || open.size() < MOST_OPEN);
  }

  /**
   * Adds what two were off by.
   *
   * @return false if the block of the cell is closed, and nothing was added
   */
  public boolean add(Bout bout) {
    long block = rule.block(bout.cell());
    if (!isOpen(block)) {
      return false;
    }
    Pair pair = new Pair(bout.primary(), bout.rival());
    int place = (int) (bout.cell() - block * rule.blockCells());
    open.computeIfAbsent(block, number -> new TreeMap<>())
        .computeIfAbsent(pair, any -> new Block(new BitSet()))
        .add(place, bout);
    boolean isNewer =
        bout.ofNewOrigin()
            && (bout.cell() > newestCell
                // Some have changed at this cell, and others have not.
                || (bout.cell() == newestCell
                    && primary != null
                    && bout.primary().compareTo(primary) > 0));
    if (isNewer) {
      newestCell = bout.cell();
      primary = bout.primary();
    }
    return true;
  }

  /**
   * Closes blocks, after which nothing can be added to them.
   *
   * @param through the last of them, as {@link PromotionRule#block} counts
   * @param canAnswer tells of a model whether it can be given the place
   * @return what there is to tell, in the order in which it was decided
   */
  public List<Verdict> closeThrough(long through, Predicate<ModelName> canAnswer) {
    List<Verdict> verdicts = new ArrayList<>();
    Map.Entry<Long, SortedMap<Pair, Block>> next = open.firstEntry();
    while (next != null && next.getKey() <= through) {
      open.remove(next.getKey());
      close(next.getKey(), next.getValue(), canAnswer, verdicts);
      next = open.firstEntry();
    }
    closed = Math.max(closed, through);
    return verdicts;
  }

  private void close(
      long number,
      SortedMap<Pair, Block> block,
      Predicate<ModelName> canAnswer,
      List<Verdict> verdicts) {
    if (cooling > 0) {
      BitSet origins = new BitSet();
      block.values().forEach(each -> origins.or(each.origins));
      cooling = Math.max(0, cooling - origins.cardinality());
      return;
    }
    block.forEach(
        (pair, each) ->
            windows
                .computeIfAbsent(pair, any -> new Window())
                .add(number, number * rule.blockCells(), each));
    // Who no longer stands beside is no rival, and comes back as a new one.
    windows.values().removeIf(each -> number - each.lastBlock > PromotionRule.LEAST_BLOCKS);
    while (windows.size() > MOST_PAIRS) {
      Map.Entry<Pair, Window> oldest =
          Collections.min(
              windows.entrySet(), Comparator.comparingLong(each -> each.getValue().lastBlock));
      windows.remove(oldest.getKey());
    }
    decide(number, canAnswer, verdicts);
  }

  private void decide(long number, Predicate<ModelName> canAnswer, List<Verdict> verdicts) {
    int rivals = 0;
    List<Verdict> over = new ArrayList<>();
    Verdict naive = null;
    for (Map.Entry<Pair, Window> each : windows.entrySet()) {
      ModelName rival = each.getKey().rival();
      Window window = each.getValue();
      if (!each.getKey().primary().equals(primary) || (rival != null && !canAnswer.test(rival))) {
        continue;
      }
      rivals += rival == null ? 0 : 1;
      if (window.lastBlock == number && rule.isOver(window.origins, window.blocks)) {
        Verdict verdict = window.verdict(each.getKey());
        if (rival == null) {
          naive = verdict;
        } else {
          over.add(verdict);
        }
      }
    }
    for (Verdict verdict : over) {
      windows.remove(new Pair(verdict.primary(), verdict.rival()));
    }
    Verdict best = null;
    for (Verdict verdict : over) {
      boolean isWon = rule.isWon(verdict.improvement(), verdict.pValue(), rivals);
      if (isWon && (best == null || verdict.improvement() > best.improvement())) {
        best = verdict;
      }
    }
    for (Verdict verdict : over) {
      if (!verdict.equals(best)) {
        verdicts.add(verdict);
      }
    }
    if (naive != null) {
      windows.remove(new Pair(naive.primary(), null));
      if (rule.isWon(naive.improvement(), naive.pValue(), 1)) {
        verdicts.add(naive.as(Verdict.Kind.OUTDONE));
        best = best == null && rule.replacesByNaive() ? naive : best;
      }
    }
    if (best != null) {
      verdicts.add(best.as(Verdict.Kind.LOSES));
      windows.clear();
      cooling = rule.coolDownOrigins();
    }
  }
}
