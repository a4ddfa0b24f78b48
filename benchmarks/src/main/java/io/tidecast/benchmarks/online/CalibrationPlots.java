package io.tidecast.benchmarks.online;

import io.tidecast.runtime.measures.Leads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The figures of the page on calibration. */
final class CalibrationPlots {
  private static final String BLUE = "#1f5fa8";
  private static final String GREEN = "#d9ecd9";
  private static final String[] COLOURS = {BLUE, "#c05a00", "#2a7f3f", "#8a2be2"};
  private static final int BEFORE = 150;
  private static final int AFTER = 500;
  private static final int ROLLING = 100;

  private final List<MixedStream> calm;
  private final List<MixedStream> shifted;
  private final Leads leads;

  CalibrationPlots(List<MixedStream> calm, List<MixedStream> shifted) {
    this.calm = calm;
    this.shifted = shifted;
    this.leads = calm.get(0).leads();
  }

  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<LeadBand> all = new ArrayList<>();
    for (int lead = 0; lead < leads.count(); lead++) {
      all.add(new LeadBand(leads.step(lead), leads.step(lead)));
    }
    List<LeadBand> bands = LeadBand.of(leads).stream().filter(b -> b.from() < b.until()).toList();
    all.addAll(bands);
    coverage(all, bands.size()).write(folder.resolve("calibration-coverage.svg"));
    widths(all, bands.size()).write(folder.resolve("calibration-width.svg"));
    shifts().write(folder.resolve("calibration-shifts.svg"));
  }

  private Svg coverage(List<LeadBand> all, int bands) {
    Svg plot = new Svg(-.5, all.size() - .5, 80, 100);
    plot.titled(
        "What intervals of 90 % covered, a dot for each series", "steps ahead", "covered, %");
    plot.band(88, 92, GREEN);
    for (int percent = 80; percent <= 100; percent += 5) {
      plot.tickY(percent, "" + percent);
    }
    dots(plot, all, bands, 80, 100, held -> 100 * held.covered());
    return plot;
  }

  private Svg widths(List<LeadBand> all, int bands) {
    Svg plot = new Svg(-.5, all.size() - .5, .6, 1.6);
    plot.titled(
        "Mean width by that of the best constant interval of the same coverage",
        "steps ahead",
        "width");
    for (double width : new double[] {.6, .8, 1, 1.2, 1.4, 1.6}) {
      plot.tickY(width, "" + width);
    }
    plot.line(-.5, 1.15, all.size() - .5, 1.15, "#c00000", "4 3");
    dots(plot, all, bands, .6, 1.6, MixedStream.Held::width);
    return plot;
  }

  private void dots(
      Svg plot,
      List<LeadBand> all,
      int bands,
      double from,
      double until,
      ToDoubleFunction<MixedStream.Held> figure) {
    double between = all.size() - bands - .5;
    plot.line(between, from, between, until, "#999999", "");
    for (int at = 0; at < all.size(); at++) {
      plot.tickX(at, all.get(at).title());
      for (int i = 0; i < calm.size(); i++) {
        MixedStream.Held held = calm.get(i).held(all.get(at).from(), all.get(at).until(), .9);
        double aside = calm.size() == 1 ? 0 : .6 * (i / (calm.size() - 1.0) - .5);
        plot.dot(at + aside, figure.applyAsDouble(held), BLUE);
      }
    }
  }

  private Svg shifts() {
    Svg plot = new Svg(-BEFORE, AFTER, 0, 100);
    plot.titled(
        "90 % intervals after a shift of level",
        "cells since the shift, mean of the last 100", "covered, %");
    plot.band(85, 95, GREEN);
    for (int percent = 0; percent <= 100; percent += 20) {
      plot.tickY(percent, "" + percent);
    }
    for (int cell = -100; cell <= AFTER; cell += 100) {
      plot.tickX(cell, "" + cell);
    }
    plot.line(0, 0, 0, 100, "#999999", "");
    int[] shown = {0, leads.count() / 2 - 1, leads.count() - 3, leads.count() - 1};
    for (int i = 0; i < shown.length; i++) {
      int steps = leads.step(shown[i]);
      plot.legend(shown.length - 1 - i, steps + (steps == 1 ? " step" : " steps"), COLOURS[i]);
      plot.line(150 + steps, 0, 150 + steps, 100, COLOURS[i], "4 3");
      double[] cells = new double[BEFORE + AFTER + 1];
      Arrays.setAll(cells, at -> at - BEFORE);
      plot.curve(cells, rolling(steps), COLOURS[i]);
    }
    return plot;
  }

  /**
   * What was covered of the newest cells at each cell from before to after the shifts, per cent.
   */
  private double[] rolling(int steps) {
    int reach = BEFORE + ROLLING;
    double[] inside = new double[reach + AFTER + 1];
    double[] count = new double[reach + AFTER + 1];
    for (MixedStream stream : shifted) {
      double[][] bounds = stream.bounds(steps, .9);
      for (int shift = Streams.FIRST_SHIFT + 1;
          shift + AFTER < bounds.length;
          shift += Streams.SHIFT_EVERY) {
        for (int at = 0; at < inside.length; at++) {
          int origin = shift - reach + at - steps;
          double actual = origin < 0 ? Double.NaN : stream.stream().actual(origin, steps);
          if (!Double.isNaN(actual)) {
            inside[at] += bounds[origin][0] <= actual && actual <= bounds[origin][1] ? 1 : 0;
            count[at]++;
          }
        }
      }
    }
    double[] rolling = new double[BEFORE + AFTER + 1];
    for (int at = 0; at < rolling.length; at++) {
      double held = 0;
      double all = 0;
      for (int i = at + 1; i <= at + ROLLING; i++) {
        held += inside[i];
        all += count[i];
      }
      rolling[at] = 100 * held / all;
    }
    return rolling;
  }
}
