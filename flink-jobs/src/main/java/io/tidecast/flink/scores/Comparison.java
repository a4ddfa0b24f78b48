package io.tidecast.flink.scores;

import io.tidecast.flink.record.ComparedForecasts;
import io.tidecast.runtime.promotion.Bout;
import io.tidecast.runtime.promotion.ModelName;
import io.tidecast.runtime.scores.Contestant;
import io.tidecast.runtime.scores.LossWatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds up over all series of a subtask what the primary of a slot and those beside it were off by,
 * so that what goes on is no more for a million series than for one. One thread.
 *
 * <p>Losses are whole numbers, so their sums do not depend on the order of the series.
 */
final class Comparison implements LossWatch {

  /** So many sums wait for a watermark at most; more go on without one. */
  private static final int MOST_OPEN = 10_000;

  /** Models come and go; those of a job are few at any time. */
  private static final int MOST_NAMES = 256;

  private record Key(String slot, ModelName primary, long cell) {}

  /** The sums of one cell against one rival, or the seasonal naive. */
  private static final class Sums {
    private final @Nullable ModelName rival;
    private long primaryLoss;
    private long rivalLoss;
    private long count;
    private boolean ofNewOrigin;

    private Sums(@Nullable ModelName rival) {
      this.rival = rival;
    }
  }

  private final Map<Key, List<Sums>> open = new HashMap<>();
  private final Map<ModelName, ModelName> names = new HashMap<>();

  /** Of the series that is being looked at. */
  private Turns turns = new Turns();

  /** The last one, for the leads of a cell come one after another. */
  private @Nullable Key lastKey;

  private List<Sums> last = List.of();

  /** What comes is of this series, from now on. */
  void look(Turns of) {
    turns = of;
  }

  /** One name for all that are equal, for there is one in every series. */
  ModelName name(String id, String version) {
    if (names.size() == MOST_NAMES) {
      names.clear();
    }
    return names.computeIfAbsent(new ModelName(id, version), name -> name);
  }

  @Override
  public void lost(long cell, long origin, boolean isShortest, Losses losses) {
    Turns.Turn turn = turns.at(origin);
    if (turn == null) {
      return;
    }
    int primary = indexOf(turn.primary(), losses);
    double loss = primary < 0 ? Double.NaN : losses.of(primary);
    if (Double.isNaN(loss)) {
      return;
    }
    List<Sums> sums = sums(turn, cell);
    for (int i = 0; i < losses.size(); i++) {
      double other = i == primary ? Double.NaN : losses.of(i);
      if (!Double.isNaN(other)) {
        add(of(losses.by(i), sums), loss, other, isShortest);
      }
    }
    double naive = losses.ofNaive();
    if (!Double.isNaN(naive)) {
      add(of(null, sums), loss, naive, isShortest);
    }
  }

  private static void add(Sums to, double primaryLoss, double rivalLoss, boolean isShortest) {
    to.primaryLoss += Bout.parts(primaryLoss);
    to.rivalLoss += Bout.parts(rivalLoss);
    to.count++;
    to.ofNewOrigin |= isShortest;
  }

  private static int indexOf(ModelName name, LossWatch.Losses losses) {
    for (int i = 0; i < losses.size(); i++) {
      if (is(losses.by(i), name)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean is(Contestant one, ModelName name) {
    return one.model().equals(name.id()) && one.version().equals(name.version());
  }

  private List<Sums> sums(Turns.Turn turn, long cell) {
    Key key = lastKey;
    if (key != null && key.cell() == cell && turn.isOf(key.slot(), key.primary())) {
      return last;
    }
    lastKey = new Key(turn.slot(), turn.primary(), cell);
    last = open.computeIfAbsent(lastKey, any -> new ArrayList<>(2));
    return last;
  }

  /**
   * @param rival null for the seasonal naive
   */
  private Sums of(@Nullable Contestant rival, List<Sums> sums) {
    for (Sums each : sums) {
      if (rival == null ? each.rival == null : each.rival != null && is(rival, each.rival)) {
        return each;
      }
    }
    Sums added = new Sums(rival == null ? null : name(rival.model(), rival.version()));
    sums.add(added);
    return added;
  }

  /** Whether so much waits that it should go on before the next watermark. */
  boolean isFull() {
    return open.size() >= MOST_OPEN;
  }

  /** Gives out all that was added up, and begins again. */
  void flush(Consumer<ComparedForecasts> out) {
    open.forEach(
        (key, all) ->
            all.forEach(
                each ->
                    out.accept(
                        new ComparedForecasts(
                            key.slot(),
                            new Bout(
                                key.cell(),
                                key.primary(),
                                each.rival,
                                each.primaryLoss,
                                each.rivalLoss,
                                each.count,
                                each.ofNewOrigin)))));
    open.clear();
    lastKey = null;
    last = List.of();
  }
}
