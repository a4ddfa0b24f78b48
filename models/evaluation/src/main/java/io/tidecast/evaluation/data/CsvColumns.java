package io.tidecast.evaluation.data;

import io.tidecast.runtime.text.DecimalText;
import io.tidecast.runtime.text.MissingWords;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What each column of a file is, by what is declared and by what stands in its first lines.
 *
 * @param names of all columns
 * @param isNamed whether the first line has the names, and is no row
 * @param time numbers of the columns that make the time of a row; empty for a file without times
 * @param series numbers of the columns that tell series apart; empty for a file of one
 * @param values numbers of the columns that are channels
 * @param spelling of the times
 */
record CsvColumns(
    List<String> names,
    boolean isNamed,
    List<Integer> time,
    List<Integer> series,
    List<Integer> values,
    TimeSpelling spelling) {

  /** Names that tools give the column that tells series apart. */
  private static final Set<String> OF_SERIES = Set.of("unique_id", "item_id", "series_id");

  private static final MissingWords MISSING = MissingWords.usual();

  /** Names the columns of some numbers. */
  List<String> named(List<Integer> columns) {
    return columns.stream().map(names::get).toList();
  }

  /**
   * Finds the columns.
   *
   * @param hasTimes whether the rows say when they were
   * @throws DataException naming the line and what would do
   */
  static CsvColumns find(CsvSample sample, CsvFormat format, boolean hasTimes, Problems problems) {
    return new Finder(sample, format, hasTimes, problems).find();
  }

  /** Makes problems of a file. */
  @FunctionalInterface
  interface Problems {
    DataException at(long line, String what);
  }

  /** Finds the columns of one file. */
  private static final class Finder {
    private final CsvSample sample;
    private final CsvFormat format;
    private final boolean hasTimes;
    private final Problems problems;
    private final int width;

    Finder(CsvSample sample, CsvFormat format, boolean hasTimes, Problems problems) {
      this.sample = sample;
      this.format = format;
      this.hasTimes = hasTimes;
      this.problems = problems;
      this.width = sample.first().size();
    }

    /** A column that may be that of the times. */
    private record Times(List<Integer> columns, TimeSpelling.Found found, double share) {}

    CsvColumns find() {
      boolean declared = !format.options().columns().isEmpty();
      Times times = hasTimes ? times() : null;
      boolean isNamed = declared || !isRow(times);
      List<String> names = isNamed ? sample.first() : synthetic(times);
      List<Integer> time = times == null ? List.of() : times.columns;
      Set<Integer> left = new HashSet<>(IntStream.range(0, width).boxed().toList());
      left.removeAll(time);
      List<Integer> series = series(names, time, left);
      left.removeAll(series);
      left.removeIf(column -> isNamed && left.size() > 1 && countsRows(column, names.get(column)));
      List<Integer> values =
          format.columns().values().isEmpty()
              ? left.stream().sorted().toList()
              : numbers(format.columns().values(), "--values");
      requireChannels(names, values);
      for (int value : values) {
        if (time.contains(value) || series.contains(value)) {
          throw problems.at(
              sample.line(),
              "column " + names.get(value) + " can't be both a value and something else");
        }
      }
      TimeSpelling spelling = times == null ? TimeSpelling.USUAL : times.found.spelling();
      return new CsvColumns(names, isNamed, time, series, values, spelling);
    }

    /** Finds the column of the times: the first that is all times, or that mostly is. */
    private @Nullable Times times() {
      if (!format.columns().time().isEmpty()) {
        return times(numbers(format.columns().time(), "--time"));
      }
      Times best = null;
      for (int column = 0; column < width; column++) {
        Times one = times(List.of(column));
        if (one.share > (best == null ? 0 : best.share) && one.share >= 0.5) {
          best = one;
        }
      }
      List<Integer> parts = partsOfDates();
      if (parts.size() > 1 && (best == null || parts.contains(best.columns.get(0)))) {
        Times ofParts = times(parts);
        if (ofParts.share == 1) {
          return ofParts;
        }
      }
      if (best == null) {
        return times(List.of(0));
      }
      Times joined = withTimeOfDay(best);
      TimeSpelling other = joined.found.asGood();
      if (other != null) {
        throw problems.at(
            sample.line(),
            "column %s may be read as %s and as %s, such as \"%s\"; --time-format says which"
                .formatted(
                    sample.first().get(joined.columns.get(0)),
                    joined.found.spelling().formats().get(0),
                    other.formats().get(0),
                    texts(joined.columns).get(0)));
      }
      return joined;
    }

    /** The columns of year, month, day and hour, in this order, as far as there are such. */
    private List<Integer> partsOfDates() {
      List<Integer> parts = new ArrayList<>();
      for (String part : List.of("year", "month", "day", "hour")) {
        for (int column = 0; column < width; column++) {
          if (sample.first().get(column).strip().equalsIgnoreCase(part)) {
            parts.add(column);
            break;
          }
        }
      }
      return parts;
    }

    /** Whether a column without a name counts rows, as tools write it that have an index. */
    private boolean countsRows(int column, String name) {
      if (!name.isBlank() && !name.startsWith("Unnamed:")) {
        return false;
      }
      for (int row = 0; row < sample.rows().size(); row++) {
        String text = sample.rows().get(row).get(column);
        if (!text.equals(String.valueOf(row)) && !text.equals(String.valueOf(row + 1))) {
          return false;
        }
      }
      return true;
    }

    /** Joins a date with the time of day that is in a column of its own. */
    private Times withTimeOfDay(Times dates) {
      for (int column = 0; column < width; column++) {
        List<String> texts = texts(List.of(column));
        if (!texts.isEmpty()
            && texts.stream().allMatch(TimeSpelling::isTimeOfDay)
            && texts(dates.columns).stream().noneMatch(text -> text.contains(":"))) {
          Times joined = times(List.of(dates.columns.get(0), column));
          return joined.share >= dates.share ? joined : dates;
        }
      }
      return dates;
    }

    private Times times(List<Integer> columns) {
      List<String> texts = texts(columns);
      String name = columns.size() == 1 ? sample.first().get(columns.get(0)) : "date";
      TimeSpelling.Found found;
      if (format.timeFormat() != null) {
        TimeSpelling declared = TimeSpelling.of(format.timeFormat());
        RowTimes reader = declared.reader(format.zone());
        int times = (int) texts.stream().filter(text -> reader.millis(text).isPresent()).count();
        found = new TimeSpelling.Found(declared, times, null);
      } else {
        found = TimeSpelling.find(name, texts, format.zone());
      }
      return new Times(columns, found, texts.isEmpty() ? 0 : (double) found.times() / texts.size());
    }

    /** The texts of columns that are not missing, joined by a space. */
    private List<String> texts(List<Integer> columns) {
      List<String> texts = new ArrayList<>();
      for (List<String> row : sample.rows()) {
        String text = joined(row, columns, " ");
        if (!MISSING.contains(text)) {
          texts.add(text);
        }
      }
      return texts;
    }

    /**
     * Tells whether the first line is a row and no header: where there are times it has one in
     * their place, else one of its fields looks like a number.
     */
    private boolean isRow(@Nullable Times times) {
      if (times == null) {
        return sample.first().stream().anyMatch(CsvSeries::isNumberLike);
      }
      return width > 1
          && times
              .found
              .spelling()
              .reader(format.zone())
              .millis(joined(sample.first(), times.columns, " "))
              .isPresent();
    }

    /** Names channels by their number from 1 on; what is before a time has a name of its own. */
    private List<String> synthetic(@Nullable Times times) {
      List<String> names = new ArrayList<>();
      int channel = times == null ? 0 : 1;
      for (int column = 0; column < width; column++) {
        boolean isTime = times != null && times.columns.contains(column);
        names.add("channel_" + (isTime ? 0 : channel));
        channel += isTime ? 0 : 1;
      }
      if (times == null) {
        return IntStream.range(0, width).mapToObj(i -> "channel_" + (i + 1)).toList();
      }
      return names;
    }

    private List<Integer> series(List<String> names, List<Integer> time, Set<Integer> left) {
      if (!format.columns().series().isEmpty()) {
        return numbers(format.columns().series(), "--series");
      }
      if (!format.columns().values().isEmpty() && !isAnyOfSeries(names)) {
        left.removeAll(numbers(format.columns().values(), "--values"));
      }
      for (int column : left) {
        if (OF_SERIES.contains(names.get(column))) {
          return List.of(column);
        }
      }
      List<Integer> text = left.stream().filter(this::isText).toList();
      // One column of text, which tells apart what happened at the same time.
      return hasTimes && text.size() == 1 && tellsApart(text.get(0), time) ? text : List.of();
    }

    private static boolean isAnyOfSeries(List<String> names) {
      return names.stream().anyMatch(OF_SERIES::contains);
    }

    private boolean isText(int column) {
      List<String> texts = texts(List.of(column));
      return !texts.isEmpty() && texts.stream().noneMatch(DecimalText::isDecimal);
    }

    private boolean tellsApart(int column, List<Integer> time) {
      Set<String> times = new HashSet<>();
      Set<String> both = new HashSet<>();
      for (List<String> row : sample.rows()) {
        String at = joined(row, time, " ");
        times.add(at);
        both.add(row.get(column) + "\n" + at);
      }
      return times.size() < both.size() && both.size() == sample.rows().size();
    }

    private List<Integer> numbers(List<String> names, String option) {
      List<Integer> numbers = new ArrayList<>();
      for (String name : names) {
        int column = sample.first().indexOf(name);
        if (column < 0) {
          throw problems.at(
              sample.line(),
              "has no column %s, it has %s: %s=%s"
                  .formatted(name, sample.first(), option, String.join(",", names)));
        }
        numbers.add(column);
      }
      return numbers;
    }

    private void requireChannels(List<String> names, List<Integer> values) {
      if (values.isEmpty()) {
        throw problems.at(
            sample.line(),
            "must have a time column and at least one channel, found "
                + names
                + "; "
                + CsvSeries.NEEDS_TIMES);
      }
      Set<String> distinct = new HashSet<>();
      for (int value : values) {
        if (!distinct.add(names.get(value))) {
          throw problems.at(
              sample.line(),
              "must name every column differently, found " + names.get(value) + " twice");
        }
      }
    }
  }

  /** Joins some fields of a row. */
  static String joined(List<String> row, List<Integer> columns, String separator) {
    if (columns.size() == 1) {
      return row.get(columns.get(0));
    }
    StringBuilder text = new StringBuilder();
    for (int column : columns) {
      text.append(text.isEmpty() ? "" : separator).append(row.get(column));
    }
    return text.toString();
  }
}
