package io.tidecast.flink.covariates;

/**
 * What the calendar says of a cell, in plain numbers. All but the last two are of the moment with
 * which the cell begins.
 */
public enum CalendarCovariate {
  /** 0 to 23. */
  HOUR,
  /** 1 for Monday to 7 for Sunday. */
  WEEKDAY,
  /** 1 to 366. */
  DAY_OF_YEAR,
  /** 1 to 12. */
  MONTH,
  /**
   * 1 on Saturdays and Sundays, else 0. Of a cell that is longer than a day: how many such days
   * begin in it.
   */
  WEEKEND,
  /** 1 on public holidays, else 0; of a cell that is longer than a day, how many. */
  HOLIDAY
}
