package io.tidecast.flink.testing;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.CellRule.Aggregate;
import io.tidecast.flink.grid.CellRule.Duplicates;
import io.tidecast.flink.grid.CounterRule;
import io.tidecast.flink.grid.CounterRule.Gap;
import io.tidecast.flink.grid.CounterRule.Reset;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.series.ColdStart;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.grid.GridStep;
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
import java.util.TreeSet;

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
    return requests(series, rows, Long.MIN_VALUE);
  }

  /**
   * Every request, when each cell is seen whole.
   *
   * @param now time to which silent cells are over
   */
  public List<ForecastTask> requests(String series, List<Row> rows, long now) {
    List<ForecastTask> requests = new ArrayList<>();
    for (List<Row> life : lives(rows)) {
      requests.addAll(requestsOfALife(series, life, now));
    }
    return requests;
  }

  /** A series that is silent for too long begins anew. */
  private List<List<Row>> lives(List<Row> rows) {
    List<List<Row>> lives = new ArrayList<>();
    long end = Long.MIN_VALUE;
    for (Row row :
        valued(rows).stream().sorted(Comparator.comparingLong(Row::timeMillis)).toList()) {
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

  private List<ForecastTask> requestsOfALife(String series, List<Row> rows, long now) {
    List<ForecastTask> requests = new ArrayList<>();
    List<Long> spoken = spoken(rows);
    List<Long> asked = asked(spoken, now);
    if (asked.isEmpty()) {
      return requests;
    }
    Set<Long> dueByTime = dueByTime(asked);
    TreeMap<Long, float[]> whole = cells(rows, asked.get(asked.size() - 1));
    Long last = null;
    for (long origin : asked) {
      boolean due =
          config.cadence().at().isEmpty()
              ? last == null || origin - last >= config.cadence().every()
              : dueByTime.contains(origin);
      if (due) {
        TreeMap<Long, float[]> cells =
            config.cells().spreads()
                ? cells(rows.stream().filter(row -> cell(row.timeMillis()) <= origin).toList())
                : whole;
        ForecastTask request = request(series, cells, origin, first(spoken, cells, origin));
        if (request != null) {
          requests.add(request);
          last = origin;
        }
      }
    }
    return requests;
  }

  /** Rows that say anything. */
  private static List<Row> valued(List<Row> rows) {
    return rows.stream().filter(row -> hasValue(row.values())).toList();
  }

  /** The cells in which something was observed that makes a value. */
  private List<Long> spoken(List<Row> rows) {
    Set<Long> observed = new TreeSet<>();
    valued(rows).forEach(row -> observed.add(cell(row.timeMillis())));
    TreeMap<Long, float[]> cells = cells(rows);
    return observed.stream().filter(cell -> hasValue(cells.get(cell))).toList();
  }

  /** Those, and the silent ones after each that say that nothing has happened. */
  private List<Long> asked(List<Long> spoken, long now) {
    List<Long> asked = new ArrayList<>();
    for (int i = 0; i < spoken.size(); i++) {
      asked.add(spoken.get(i));
      boolean isLast = i == spoken.size() - 1;
      for (long silent = spoken.get(i) + 1;
          isSilent(silent, spoken.get(i))
              && (isLast ? startMillis(silent + 1) <= now + 1 : silent < spoken.get(i + 1));
          silent++) {
        asked.add(silent);
      }
    }
    return asked;
  }

  private boolean isSilent(long cell, long spoken) {
    if (!config.silence().isFilled()) {
      return false;
    }
    Duration longest = config.silence().max();
    Duration life = config.retention().timeToLive();
    if (life != null && life.compareTo(longest) < 0) {
      longest = life;
    }
    return startMillis(cell + 1) <= startMillis(spoken + 1) + longest.toMillis();
  }

  private boolean pads() {
    Integer minContext = config.coldStart().minContext();
    return minContext != null && minContext < contextLength;
  }

  /** The cell that a series has begun with, or begun anew after a silence. */
  private long first(List<Long> spoken, TreeMap<Long, float[]> cells, long origin) {
    long begin =
        cells.keySet().stream()
            .filter(cell -> hasValue(cells.get(cell)))
            .findFirst()
            .orElse(origin + 1);
    Long first = null;
    Long before = null;
    for (long cell : spoken) {
      if (cell > origin) {
        break;
      }
      boolean anew =
          before == null
              || (config.silence().isFilled()
                  ? !isSilent(cell - 1, before) && cell - 1 > before
                  : pads() && cell - before > contextLength && !config.cells().valuesSilentCells());
      first = before == null ? (Long) begin : anew ? (Long) cell : first;
      before = cell;
    }
    return first == null ? origin + 1 : first;
  }

  /** For each instant, the first cell that is asked of which the next ends after it. */
  private Set<Long> dueByTime(List<Long> asked) {
    Set<Long> due = new HashSet<>();
    long firstOver = startMillis(asked.get(0) + 1);
    for (long instant : instants(firstOver, startMillis(asked.get(asked.size() - 1) + 2))) {
      asked.stream()
          .filter(cell -> instant < startMillis(cell + 2))
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

  /** As {@link #request(String, TreeMap, long, long)}, of what was observed. */
  public ForecastTask request(String series, List<Row> rows, long origin) {
    TreeMap<Long, float[]> cells = cells(rows, origin);
    return request(series, cells, origin, first(spoken(rows), cells, origin));
  }

  /** As {@link #request(String, TreeMap, long, long)}, of a series that begins with its cells. */
  public ForecastTask request(String series, TreeMap<Long, float[]> cells, long origin) {
    return request(series, cells, origin, cells.firstKey());
  }

  /**
   * The request for one origin; null if the series is too young or too much is missing, also when a
   * silence at the beginning of the context does not count.
   *
   * @param first cell of the series
   */
  private ForecastTask request(
      String series, TreeMap<Long, float[]> cells, long origin, long first) {
    int known = (int) Math.min(contextLength, origin - first + 1);
    ForecastTask whole = request(series, cells, origin, first, known);
    if (whole != null) {
      return whole;
    }
    int spoken = known;
    while (spoken > 0
        && !hasValue(cells.getOrDefault(origin - spoken + 1, new float[] {Float.NaN}))) {
      spoken--;
    }
    return spoken <= 0 || spoken == known ? null : request(series, cells, origin, first, spoken);
  }

  private ForecastTask request(
      String series, TreeMap<Long, float[]> cells, long origin, long first, int known) {
    int channels = config.channels();
    float[] context = new float[contextLength * channels];
    Arrays.fill(context, Float.NaN);
    List<List<Float>> columns = new ArrayList<>();
    int silent = 0;
    for (int channel = 0; channel < channels; channel++) {
      List<Float> column = new ArrayList<>();
      Float held = null;
      for (long cell = first; cell <= origin; cell++) {
        float[] values = cells.get(cell);
        Float value = values == null || Float.isNaN(values[channel]) ? null : values[channel];
        held = value == null ? held : value;
        Float said = value == null ? ofSilence(held) : value;
        if (cell > origin - known) {
          column.add(said);
          silent += value == null && said != null ? 1 : 0;
        }
      }
      columns.add(column);
    }
    int valued = 0;
    for (int i = 0; i < known; i++) {
      int at = i;
      valued += columns.stream().anyMatch(column -> column.get(at) != null) ? 1 : 0;
    }
    Integer minContext = config.coldStart().minContext();
    int needed = minContext == null ? contextLength : minContext;
    boolean young = valued < needed && (known < contextLength || known < needed);
    if (valued == 0 || (young && config.coldStart().below() == ColdStart.Below.SKIP)) {
      return null;
    }
    int missing = 0;
    for (int channel = 0; channel < channels; channel++) {
      List<Float> column = columns.get(channel);
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
    return new ForecastTask(series, startMillis(origin), context, missing + silent, 0, young, null);
  }

  /** What silence says, if anything. */
  private Float ofSilence(Float held) {
    if (!config.silence().isFilled()
        || config.cells().aggregate() == Aggregate.TIME_WEIGHTED_MEAN) {
      return null;
    }
    return config.gaps().fill() == Fill.CONSTANT ? (Float) (float) config.gaps().constant() : held;
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

  /** Cells that have an observation or a value, by number; NaN where a channel has no value. */
  public TreeMap<Long, float[]> cells(List<Row> rows) {
    return cells(rows, Long.MIN_VALUE);
  }

  /**
   * @param through cell up to which what was observed may say something
   */
  private TreeMap<Long, float[]> cells(List<Row> rows, long through) {
    TreeMap<Long, List<Row>> byCell = new TreeMap<>();
    for (Row row : valued(rows)) {
      byCell.computeIfAbsent(cell(row.timeMillis()), c -> new ArrayList<>()).add(row);
    }
    TreeMap<Long, float[]> cells = new TreeMap<>();
    for (long cell : byCell.keySet()) {
      cells.put(cell, missing());
    }
    for (int channel = 0; channel < config.channels(); channel++) {
      Map<Long, Float> values = new TreeMap<>();
      if (config.cells().isOfCounters()) {
        values = counted(known(rows, channel), channel);
      } else if (config.cells().aggregate() == Aggregate.TIME_WEIGHTED_MEAN) {
        long last = byCell.isEmpty() ? through : Math.max(through, byCell.lastKey());
        values = weighted(known(rows, channel), channel, last);
      } else {
        for (long cell : byCell.keySet()) {
          values.put(cell, aggregate(byCell.get(cell), channel));
        }
      }
      for (Map.Entry<Long, Float> value : values.entrySet()) {
        cells.computeIfAbsent(value.getKey(), c -> missing())[channel] = value.getValue();
      }
    }
    return cells;
  }

  private float[] missing() {
    float[] values = new float[config.channels()];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  /** What a counter counted from cell to cell. */
  private Map<Long, Float> counted(List<Row> readings, int channel) {
    Map<Long, Float> counted = new TreeMap<>();
    TreeMap<Long, List<Row>> byCell = new TreeMap<>();
    readings.forEach(
        row -> byCell.computeIfAbsent(cell(row.timeMillis()), c -> new ArrayList<>()).add(row));
    for (long cell : byCell.keySet()) {
      Long before = byCell.lowerKey(cell);
      if (before == null || (cell - before > 1 && config.cells().counter().gap() == Gap.MISSING)) {
        continue;
      }
      List<Row> since = new ArrayList<>(byCell.get(cell));
      since.add(0, byCell.get(before).get(byCell.get(before).size() - 1));
      BigDecimal increase = BigDecimal.ZERO;
      for (int i = 1; i < since.size() && increase != null; i++) {
        BigDecimal step = step(since.get(i - 1).values()[channel], since.get(i).values()[channel]);
        increase = step == null ? null : increase.add(step);
      }
      if (increase == null) {
        continue;
      }
      double millis = since.get(since.size() - 1).timeMillis() - (double) since.get(0).timeMillis();
      boolean spread = config.cells().counter().gap() == Gap.SPREAD;
      float value =
          config.cells().aggregate() == Aggregate.RATE
              ? (float) (increase.doubleValue() * 1_000 / millis)
              : (float) (increase.doubleValue() / (spread ? cell - before : 1));
      for (long of = spread ? before + 1 : cell; of <= cell; of++) {
        counted.put(of, value);
      }
    }
    return counted;
  }

  /** What is counted from one reading to the next; null if that is not known. */
  private BigDecimal step(float from, float to) {
    CounterRule rule = config.cells().counter();
    BigDecimal difference = new BigDecimal(to).subtract(new BigDecimal(from));
    if (difference.signum() >= 0) {
      return difference;
    }
    if (rule.wrapsAt() != null && from <= rule.wrapsAt() && to >= 0) {
      BigDecimal end = BigDecimal.valueOf(rule.wrapsAt());
      if (difference.add(end).compareTo(end.divide(BigDecimal.valueOf(2))) <= 0) {
        return difference.add(end);
      }
    }
    boolean corrected = to > 0.9 * from;
    return rule.reset() == Reset.MISSING || corrected || to < 0 ? null : new BigDecimal(to);
  }

  /** Each value weighs as long as it held. */
  private Map<Long, Float> weighted(List<Row> readings, int channel, long last) {
    Map<Long, Float> means = new TreeMap<>();
    if (readings.isEmpty()) {
      return means;
    }
    for (long cell = cell(readings.get(0).timeMillis()); cell <= last; cell++) {
      BigDecimal sum = BigDecimal.ZERO;
      long known = 0;
      for (int i = 0; i < readings.size(); i++) {
        long from = Math.max(startMillis(cell), readings.get(i).timeMillis());
        long until = startMillis(cell + 1);
        if (i + 1 < readings.size()) {
          until = Math.min(until, readings.get(i + 1).timeMillis());
        }
        if (until > from) {
          BigDecimal value = new BigDecimal(readings.get(i).values()[channel]);
          sum = sum.add(value.multiply(BigDecimal.valueOf(until - from)));
          known += until - from;
        }
      }
      if (known > 0) {
        means.put(cell, sum.divide(BigDecimal.valueOf(known), MathContext.DECIMAL128).floatValue());
      }
    }
    return means;
  }

  /** The rows that have a value of a channel, by time, as the rule says of duplicates. */
  private List<Row> known(List<Row> rows, int channel) {
    List<Row> known = new ArrayList<>();
    rows.stream()
        .filter(row -> !Float.isNaN(row.values()[channel]))
        .sorted(Comparator.comparingLong(Row::timeMillis).thenComparingInt(Row::arrival))
        .forEach(known::add);
    if (config.cells().duplicates() == Duplicates.AGGREGATE) {
      return known;
    }
    Map<Long, Row> distinct = new LinkedHashMap<>();
    for (Row row : known) {
      if (config.cells().duplicates() == Duplicates.LAST) {
        distinct.put(row.timeMillis(), row);
      } else {
        distinct.putIfAbsent(row.timeMillis(), row);
      }
    }
    return new ArrayList<>(distinct.values());
  }

  private float aggregate(List<Row> rows, int channel) {
    List<Row> known = known(rows, channel);
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
      case DELTA, RATE, TIME_WEIGHTED_MEAN -> throw new AssertionError("made of all readings");
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
      case QUARTER, HALF_YEAR, YEAR, BUSINESS_DAY -> throw new AssertionError(step);
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
          case QUARTER, HALF_YEAR, YEAR, BUSINESS_DAY -> throw new AssertionError(step);
        };
    return date.atStartOfDay(step.zone()).toInstant().toEpochMilli();
  }

  /** Whether a row says nothing. */
  public static boolean isEmpty(Row row) {
    return !hasValue(row.values());
  }

  /** Whether a cell has no value. */
  public static boolean isEmpty(float[] cell) {
    return !hasValue(cell);
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
