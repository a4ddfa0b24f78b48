package io.tidecast.training.synthetic;

import java.util.Arrays;

/**
 * Draws what people do: a positive series with a workday and a weekend, holidays, a year, weather
 * and growth, all multiplied. Electricity demand, road traffic, visits and sales follow it.
 */
final class Activity {
  private static final int WEEK_DAYS = 7;
  private static final int SATURDAY = 5;
  private static final double HOLIDAY_SHARE = 0.015;

  /** A longer year moves too little to tell. */
  private static final double LONGEST_YEAR_IN_LENGTHS = 4;

  private Activity() {}

  /** Draws a series of a level of about 1. */
  static double[] draw(Draws draws, Cadence cadence, int length) {
    double[] values =
        cadence.week() >= WEEK_DAYS ? week(draws, (int) cadence.day(), length) : ones(length);
    double yearly = cadence.week() >= WEEK_DAYS ? draws.uniform(0, 0.35) : draws.uniform(0.05, 0.6);
    if (cadence.year() <= LONGEST_YEAR_IN_LENGTHS * length) {
      multiply(values, yearly / 2, Seasonality.draw(draws, cadence.year(), length));
    }
    double memory = Math.max(1, cadence.day() * draws.logUniform(0.3, 6));
    double[] weather = Noise.firstOrder(draws, memory, length);
    if (draws.chance(0.7)) {
      Values.smooth(weather, Math.max(0.3, memory / 8));
    }
    multiply(values, draws.logUniform(0.01, 0.25), weather);
    multiply(values, draws.logUniform(0.0005, 0.07), Noise.draw(draws, length));
    multiply(values, draws.uniform(0, 0.8), Trend.draw(draws).values(draws, length));
    return values;
  }

  private static double[] ones(int length) {
    double[] values = new double[length];
    Arrays.fill(values, 1);
    return values;
  }

  /** Multiplies by {@code exp(depth * exponents[t])}, within bounds that keep it a factor. */
  private static void multiply(double[] values, double depth, double[] exponents) {
    for (int t = 0; t < values.length; t++) {
      values[t] *= StrictMath.exp(Math.max(-3, Math.min(3, depth * exponents[t])));
    }
  }

  private static double[] week(Draws draws, int stepsPerDay, int length) {
    double[] workday = day(draws, stepsPerDay);
    double[] freeDay = workday.clone();
    double[] factors = new double[WEEK_DAYS];
    boolean weekendDiffers = draws.chance(0.75);
    double differing = stepsPerDay == 1 ? 0.25 : 0.05;
    double likeOther = weekendDiffers ? draws.uniform(0, 0.8) : 0;
    double[] other = day(draws, stepsPerDay);
    for (int i = 0; i < stepsPerDay; i++) {
      freeDay[i] += likeOther * (other[i] - workday[i]);
    }
    for (int day = 0; day < WEEK_DAYS; day++) {
      double usual = 1 + draws.uniform(-differing, differing);
      double free = weekendDiffers ? draws.uniform(0.4, 1.1) : 1;
      factors[day] = day < SATURDAY ? usual : usual * free;
    }
    double[] values = new double[length];
    int start = draws.integer(0, WEEK_DAYS * stepsPerDay - 1);
    boolean holiday = false;
    for (int t = 0; t < length; t++) {
      int step = (start + t) % stepsPerDay;
      int weekDay = (start + t) / stepsPerDay % WEEK_DAYS;
      if (step == 0) {
        holiday = weekendDiffers && draws.chance(HOLIDAY_SHARE);
      }
      boolean free = weekDay >= SATURDAY || holiday;
      values[t] = (free ? freeDay : workday)[step] * factors[holiday ? WEEK_DAYS - 1 : weekDay];
    }
    return values;
  }

  /** From a base that is always there up to about 1. */
  private static double[] day(Draws draws, int stepsPerDay) {
    double[] day = Seasonality.profile(draws, stepsPerDay);
    Values.add(day, draws.uniform(0, 0.8), Seasonality.profile(draws, stepsPerDay));
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (double value : day) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    double base = draws.uniform(0.05, 0.8);
    for (int i = 0; i < stepsPerDay; i++) {
      double share = greatest > least ? (day[i] - least) / (greatest - least) : 1;
      day[i] = base + (1 - base) * share;
    }
    return day;
  }
}
