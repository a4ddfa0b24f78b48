package io.tidecast.flink.testing;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.CellRule.Duplicates;
import io.tidecast.flink.grid.Fill;
import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.series.ColdStart;
import io.tidecast.flink.series.SeriesSettings;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The windows of one series, cut as an analyst would with all of its observations in a table:
 * written for the reader, sharing nothing with the operator but the configuration.
 */
public final class Notebook {

  /** One observation, and the how many-th to arrive it was. */
  public record Row(long timeMillis, int arrival, float[] values) {}

  private final SeriesSettings config;
  private final int contextLength;
  private final int seasonCells;

  public Notebook(JobConfig config, int contextLength, int seasonCells) {
    this.config = config.series();
    this.contextLength = contextLength;
    this.seasonCells = seasonCells;
  }

  /** Every request, when each cell is seen whole. */
  public List<ForecastTask> requests(String series, List<Row> rows) {
    List<ForecastTask> requests = new ArrayList<>();
    for (List<Row> life : lives(rows)) {
      requests.addAll(requestsOfALife(series, cells(life)));
    }
    return requests;
  }

  /** A series that is silent for too long begins anew. */
  private List<List<Row>> lives(List<Row> rows) {
    List<List<Row>> lives = new ArrayList<>();
    long end = Long.MIN_VALUE;
    for (Row row : rows.stream().sorted(Comparator.comparingLong(Row::timeMillis)).toList()) {
      if (row.timeMillis() >= end) {
        lives.add(new ArrayList<>());
      }
      lives.get(lives.size() - 1).add(row);
      Duration timeToLive = config.retention().timeToLive();
      end =
          timeToLive == null
              ? Long.MAX_VALUE
              : startMillis(cell(row.timeMillis()) + 1) + timeToLive.toMillis();
    }
    return lives;
  }

  private List<ForecastTask> requestsOfALife(String series, TreeMap<Long, float[]> cells) {
    List<ForecastTask> requests = new ArrayList<>();
    Set<Long> dueByTime = dueByTime(cells);
    Long last = null;
    for (long origin : cells.keySet()) {
      boolean due =
          config.cadence().at().isEmpty()
              ? last == null || origin - last >= config.cadence().every()
              : dueByTime.contains(origin);
      if (due && hasValue(cells.get(origin))) {
        ForecastTask request = request(series, cells, origin);
        if (request != null) {
          requests.add(request);
          last = origin;
        }
      }
    }
    return requests;
  }

  /** For each instant, the first cell with a value of which the next ends after it. */
  private Set<Long> dueByTime(TreeMap<Long, float[]> cells) {
    Set<Long> due = new HashSet<>();
    long firstOver = startMillis(cells.firstKey() + 1);
    for (long instant : instants(firstOver, startMillis(cells.lastKey() + 2))) {
      cells.keySet().stream()
          .filter(cell -> hasValue(cells.get(cell)) && instant < startMillis(cell + 2))
          .findFirst()
          .ifPresent(due::add);
    }
    return due;
  }

  /** The times of day from one time until before another. */
  public List<Long> instants(long from, long until) {
    ZoneId zone = config.cadence().zone();
    LocalDate day = Instant.ofEpochMilli(from).atZone(zone).toLocalDate().minusDays(1);
    List<Long> instants = new ArrayList<>();
    for (; !day.isAfter(Instant.ofEpochMilli(until).atZone(zone).toLocalDate()); ) {
      for (LocalTime time : config.cadence().at()) {
        long instant = ZonedDateTime.of(day, time, zone).toInstant().toEpochMilli();
        if (instant >= from && instant < until) {
          instants.add(instant);
        }
      }
      day = day.plusDays(1);
    }
    return instants;
  }

  /**
   * The request for one origin; null if the series is too young or too much is missing, also when a
   * silence at the beginning of the context does not count.
   */
  public ForecastTask request(String series, TreeMap<Long, float[]> cells, long origin) {
    int known = (int) Math.min(contextLength, origin - cells.firstKey() + 1);
    ForecastTask whole = request(series, cells, origin, known);
    if (whole != null) {
      return whole;
    }
    int spoken = known;
    while (spoken > 0
        && !hasValue(cells.getOrDefault(origin - spoken + 1, new float[] {Float.NaN}))) {
      spoken--;
    }
    return spoken == 0 || spoken == known ? null : request(series, cells, origin, spoken);
  }

  private ForecastTask request(
      String series, TreeMap<Long, float[]> cells, long origin, int known) {
    int channels = config.channels();
    Integer minContext = config.coldStart().minContext();
    boolean young = known < (minContext == null ? contextLength : minContext);
    if (young && config.coldStart().below() == ColdStart.Below.SKIP) {
      return null;
    }
    float[] context = new float[contextLength * channels];
    Arrays.fill(context, Float.NaN);
    int missing = 0;
    for (int channel = 0; channel < channels; channel++) {
      List<Float> column = new ArrayList<>();
      for (long cell = origin - known + 1; cell <= origin; cell++) {
        float[] values = cells.get(cell);
        column.add(values == null || Float.isNaN(values[channel]) ? null : values[channel]);
      }
      int gap = 0;
      for (Float value : column) {
        gap = value == null ? gap + 1 : 0;
        missing += value == null ? 1 : 0;
        if (gap > config.gaps().maxConsecutiveFilled()) {
          return null;
        }
      }
      if (missing > Math.min(config.gaps().maxFilledCells(), known - 1)
          || (missing > 0 && config.gaps().fill() == Fill.NONE)) {
        return null;
      }
      for (int i = 0; i < known; i++) {
        int at = (contextLength - known + i) * channels + channel;
        context[at] = column.get(i) == null ? filled(column, i) : column.get(i);
      }
    }
    return new ForecastTask(series, startMillis(origin), context, missing, 0, young, null);
  }

  private float filled(List<Float> column, int i) {
    Integer before = known(column, i, -1);
    Integer after = known(column, i, 1);
    switch (config.gaps().fill()) {
      case CONSTANT:
        return (float) config.gaps().constant();
      case LINEAR:
        if (before != null && after != null) {
          double share = (double) (i - before) / (after - before);
          return (float) (column.get(before) * (1 - share) + column.get(after) * share);
        }
        break;
      case SEASONAL:
        Integer season = known(column, i, -seasonCells);
        season = season == null ? known(column, i, seasonCells) : season;
        if (season != null) {
          return column.get(season);
        }
        // What is before may itself have been filled from its season.
        return i > 0
            ? column.get(i - 1) == null ? filled(column, i - 1) : column.get(i - 1)
            : firstOf(column);
      default:
        break;
    }
    return column.get(before == null ? after : before);
  }

  /** The first value, once seasons are filled. */
  private float firstOf(List<Float> column) {
    for (int i = 0; i < column.size(); i++) {
      Integer season = known(column, i, -seasonCells);
      season = season == null ? known(column, i, seasonCells) : season;
      if (column.get(i) != null) {
        return column.get(i);
      }
      if (season != null) {
        return column.get(season);
      }
    }
    throw new AssertionError("a channel without any value");
  }

  private static Integer known(List<Float> column, int from, int by) {
    for (int i = from + by; i >= 0 && i < column.size(); i += by) {
      if (column.get(i) != null) {
        return i;
      }
    }
    return null;
  }

  /** Cells that have an observation, by number; NaN where a channel has no value. */
  public TreeMap<Long, float[]> cells(List<Row> rows) {
    TreeMap<Long, List<Row>> byCell = new TreeMap<>();
    for (Row row : rows) {
      byCell.computeIfAbsent(cell(row.timeMillis()), c -> new ArrayList<>()).add(row);
    }
    TreeMap<Long, float[]> cells = new TreeMap<>();
    byCell.forEach(
        (cell, its) -> {
          float[] values = new float[config.channels()];
          for (int channel = 0; channel < values.length; channel++) {
            values[channel] = aggregate(its, channel);
          }
          cells.put(cell, values);
        });
    return cells;
  }

  private float aggregate(List<Row> rows, int channel) {
    List<Row> known = new ArrayList<>();
    rows.stream()
        .filter(row -> !Float.isNaN(row.values()[channel]))
        .sorted(Comparator.comparingLong(Row::timeMillis).thenComparingInt(Row::arrival))
        .forEach(known::add);
    if (config.cells().duplicates() != Duplicates.AGGREGATE) {
      Map<Long, Row> distinct = new LinkedHashMap<>();
      for (Row row : known) {
        if (config.cells().duplicates() == Duplicates.LAST) {
          distinct.put(row.timeMillis(), row);
        } else {
          distinct.putIfAbsent(row.timeMillis(), row);
        }
      }
      known = new ArrayList<>(distinct.values());
    }
    if (known.isEmpty()) {
      return Float.NaN;
    }
    List<Float> values = known.stream().map(row -> row.values()[channel]).toList();
    BigDecimal sum = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    return switch (config.cells().aggregate()) {
      case LAST -> values.get(values.size() - 1);
      case FIRST -> values.get(0);
      case MIN -> values.stream().min(Comparator.naturalOrder()).orElseThrow();
      case MAX -> values.stream().max(Comparator.naturalOrder()).orElseThrow();
      case COUNT -> values.size();
      case SUM -> sum.floatValue();
      case MEAN ->
          sum.divide(BigDecimal.valueOf(values.size()), MathContext.DECIMAL128).floatValue();
    };
  }

  public long cell(long timeMillis) {
    Instant time = Instant.ofEpochMilli(timeMillis);
    GridStep step = config.step();
    if (!step.isCalendar()) {
      long cell = 0;
      Duration since = Duration.between(Instant.EPOCH, time);
      cell = since.dividedBy(step.length());
      return since.minus(step.length().multipliedBy(cell)).isNegative() ? cell - 1 : cell;
    }
    LocalDate date = time.atZone(step.zone()).toLocalDate();
    return switch (step.unit()) {
      case DAY -> ChronoUnit.DAYS.between(LocalDate.EPOCH, date);
      case WEEK -> Math.floorDiv(ChronoUnit.DAYS.between(LocalDate.of(1969, 12, 29), date), 7);
      case MONTH -> ChronoUnit.MONTHS.between(YearMonth.of(1970, 1), YearMonth.from(date));
    };
  }

  public long startMillis(long cell) {
    GridStep step = config.step();
    if (!step.isCalendar()) {
      return Instant.EPOCH.plus(step.length().multipliedBy(cell)).toEpochMilli();
    }
    LocalDate date =
        switch (step.unit()) {
          case DAY -> LocalDate.EPOCH.plusDays(cell);
          case WEEK -> LocalDate.of(1969, 12, 29).plusWeeks(cell);
          case MONTH -> LocalDate.EPOCH.plusMonths(cell);
        };
    return date.atStartOfDay(step.zone()).toInstant().toEpochMilli();
  }

  private static boolean hasValue(float[] values) {
    for (float value : values) {
      if (!Float.isNaN(value)) {
        return true;
      }
    }
    return false;
  }
}
