package io.tidecast.flink.covariates;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.covariates.CovariateSettings.HolidayRegion;
import io.tidecast.runtime.grid.GridStep;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where each future covariate of a model comes from: a column of the topic, or the calendar. One
 * thread.
 */
public final class CovariateSources implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Cells whose calendar is remembered, for series that are at about the same origin. */
  private static final int REMEMBERED_CELLS = 4_096;

  /** Of a covariate that is not in the topic. */
  private static final int NO_COLUMN = -1;

  private final int[] columns;
  private final CalendarCovariate[] features;
  private final GridStep step;
  private final ZoneId zone;
  private final @Nullable HolidayRegion holidays;

  private transient CalendarValues calendar;
  private transient long[] cells;
  private transient float[] remembered;

  /**
   * @param names of the model's covariates, each of which the configuration provides
   */
  public CovariateSources(CovariateSettings covariates, GridStep step, List<String> names) {
    List<String> inTopic = covariates.feed() == null ? List.of() : covariates.feed().names();
    Map<String, CalendarCovariate> inCalendar = covariates.calendar();
    this.columns = names.stream().mapToInt(inTopic::indexOf).toArray();
    this.features = names.stream().map(inCalendar::get).toArray(CalendarCovariate[]::new);
    this.step = step;
    this.zone = covariates.zone();
    this.holidays = covariates.holidays();
    openCalendar();
  }

  GridStep step() {
    return step;
  }

  /** The number of covariates. */
  int count() {
    return columns.length;
  }

  private boolean isInTopic(int covariate) {
    return columns[covariate] != NO_COLUMN;
  }

  /**
   * What a covariate has in a cell; NaN is missing.
   *
   * @param ring null where no topic has covariates
   */
  float value(int covariate, long cell, @Nullable CovariateRing ring) {
    if (isInTopic(covariate)) {
      return requireNonNull(ring, "ring is null").value(cell, columns[covariate]);
    }
    int slot = Math.floorMod(cell, REMEMBERED_CELLS);
    if (cells[slot] != cell) {
      cells[slot] = cell;
      remember(slot);
    }
    return remembered[slot * columns.length + covariate];
  }

  /**
   * What a covariate of the calendar has in a cell.
   *
   * @param covariate its number among those that the sources were made for
   */
  public float ofCalendar(int covariate, long cell) {
    return value(covariate, cell, null);
  }

  private void remember(int slot) {
    for (int covariate = 0; covariate < columns.length; covariate++) {
      if (!isInTopic(covariate)) {
        remembered[slot * columns.length + covariate] =
            calendar.value(features[covariate], cells[slot]);
      }
    }
  }

  private void openCalendar() {
    calendar = new CalendarValues(step, zone, holidays);
    cells = new long[REMEMBERED_CELLS];
    // No slot holds the cell that it is told to: floorMod of the next is another slot's.
    for (int slot = 0; slot < cells.length; slot++) {
      cells[slot] = slot + 1L;
    }
    remembered = new float[REMEMBERED_CELLS * columns.length];
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    openCalendar();
  }
}
