package io.tidecast.evaluation.backtest;

import io.tidecast.evaluation.backtest.BacktestReport.ShownWindow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chooses the windows that are drawn: the worst, and the newest that follow each other. */
final class WindowSelection {

  private static final int WORST = 6;
  private static final int SERIES = 4;
  private static final int IN_A_ROW = 8;

  private final List<ShownWindow> worst = new ArrayList<>();
  private final Map<String, Deque<ShownWindow>> shown = new LinkedHashMap<>();

  /** Whether a window of this error would be among the worst. */
  boolean isBad(double error) {
    return worst.size() < WORST || error > worst.get(worst.size() - 1).error();
  }

  /** Takes a window of a series whose windows come in the order of time. */
  void add(ShownWindow window) {
    addWorst(window);
    Deque<ShownWindow> its = shown.get(window.series());
    if (its == null && shown.size() < SERIES) {
      its = new ArrayDeque<>();
      shown.put(window.series(), its);
    }
    if (its != null && (its.isEmpty() || !overlap(its.getLast(), window))) {
      if (its.size() == IN_A_ROW) {
        its.removeFirst();
      }
      its.addLast(window);
    }
  }

  /** Of windows that share time, the worst alone. */
  private void addWorst(ShownWindow window) {
    for (int i = 0; i < worst.size(); i++) {
      if (worst.get(i).series().equals(window.series()) && overlap(worst.get(i), window)) {
        if (worst.get(i).error() < window.error()) {
          worst.set(i, window);
          worst.sort(Comparator.comparingDouble(ShownWindow::error).reversed());
        }
        return;
      }
    }
    worst.add(window);
    worst.sort(Comparator.comparingDouble(ShownWindow::error).reversed());
    if (worst.size() > WORST) {
      worst.remove(WORST);
    }
  }

  /** Whether a window would be drawn if it came now. */
  boolean wants(String series, long originMillis, long reachMillis, double error) {
    Deque<ShownWindow> its = shown.get(series);
    boolean follows =
        its == null
            ? shown.size() < SERIES
            : originMillis - its.getLast().originMillis() >= reachMillis;
    return follows || isBad(error);
  }

  private static boolean overlap(ShownWindow one, ShownWindow other) {
    return Math.abs(one.originMillis() - other.originMillis())
        < one.stepMillis() * one.points().length;
  }

  List<ShownWindow> worst() {
    return List.copyOf(worst);
  }

  List<List<ShownWindow>> shown() {
    List<List<ShownWindow>> all = new ArrayList<>();
    shown.values().forEach(its -> all.add(List.copyOf(its)));
    return all;
  }
}
