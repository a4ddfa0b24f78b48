package io.tidecast.evaluation.data;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ways in which files write times. What fits one way only is read in it; what fits two is refused,
 * since it may mean two things.
 *
 * @param name for people; null for those that need no name
 * @param formats of the job file, one of which each time has
 * @param numeric whether such a time may be a number as well as a time
 */
record TimeSpelling(@Nullable String name, List<String> formats, boolean numeric) {

  /** ISO 8601 and its like: the year, the month, the day. */
  static final TimeSpelling USUAL =
      new TimeSpelling(
          null,
          List.of(
              "iso-8601",
              "uuuu/M/d H:mm",
              "uuuu/M/d H:mm:ss",
              "uuuu/M/d",
              "uuuu-M-d",
              "uuuu-M-d H:mm",
              "uuuu-M-d H:mm:ss",
              "uuuu.M.d"),
          false);

  /** Written without marks, ISO 8601 looks like numbers. */
  private static final TimeSpelling BASIC = new TimeSpelling(null, List.of("uuuuMMdd"), true);

  private static final List<TimeSpelling> OTHERS = others();

  /** Names that columns of times have; only such a column has years or months that are numbers. */
  private static final Set<String> OF_TIMES =
      Set.of(
          "",
          "date",
          "datetime",
          "date_time",
          "time",
          "timestamp",
          "ts",
          "ds",
          "day",
          "week",
          "month",
          "quarter",
          "year",
          "period",
          "hour",
          "index",
          "datum",
          "zeit",
          "jahr",
          "monat");

  /** What reads none of so many is not tried on all. */
  private static final int FEW = 20;

  /** Matches a month, or a day, and two digits of a year. */
  private static final Pattern SHORT_YEAR =
      Pattern.compile("\\p{L}{3,}[ '-]\\d\\d|\\d{1,2}([./-])(\\d{1,2}|\\p{L}{3})\\1\\d\\d");

  private static final Pattern TIME_OF_DAY =
      Pattern.compile("\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d+)?)?");

  private static List<TimeSpelling> others() {
    List<TimeSpelling> ways = new ArrayList<>();
    for (String date :
        List.of(
            "d.M.uuuu",
            "d/M/uuuu",
            "M/d/uuuu",
            "d-M-uuuu",
            "M-d-uuuu",
            "d.M.uu",
            "d/M/uu",
            "M/d/uu",
            "d-MMM-uuuu",
            "d-MMM-uu",
            "d MMM uuuu",
            "d. MMM uuuu",
            "MMM d, uuuu",
            "MMM d uuuu",
            "EEE MMM d uuuu",
            "EEE, d MMM uuuu",
            "EEE d MMM uuuu")) {
      ways.add(
          new TimeSpelling(
              date,
              List.of(
                  date,
                  date + " H:mm",
                  date + " H:mm:ss",
                  date + " h:mm a",
                  date + " h:mm:ss a",
                  date + ", H:mm"),
              false));
    }
    for (String part :
        List.of(
            "uuuu'Q'Q",
            "uuuu-'Q'Q",
            "uuuu 'Q'Q",
            "'Q'Q uuuu",
            "'Q'Q-uuuu",
            "'Q'Q/uuuu",
            "uuuu/MM",
            "MM/uuuu",
            "MM-uuuu",
            "MM.uuuu",
            "MMM uuuu",
            "MMM-uuuu",
            "uuuu-MMM",
            "uuuu MMM",
            "MMM-uu",
            "MMM uu",
            "uuuu'M'MM",
            "uuuu M",
            "uuuu M d",
            "uuuu M d H")) {
      ways.add(new TimeSpelling(part, List.of(part), false));
    }
    for (String number : List.of("epoch-seconds", "epoch-millis", "epoch-micros", "epoch-nanos")) {
      ways.add(new TimeSpelling(number, List.of(number), true));
    }
    ways.add(new TimeSpelling("uuuuMM", List.of("uuuuMM"), true));
    ways.add(new TimeSpelling("uuuu", List.of("uuuu"), true));
    return List.copyOf(ways);
  }

  /** What was found: how many of the texts are times, if they are read so. */
  record Found(TimeSpelling spelling, int times, @Nullable TimeSpelling asGood) {}

  /** Reads times that are declared. */
  static TimeSpelling of(String format) {
    return new TimeSpelling(format, List.of(format), false);
  }

  RowTimes reader(@Nullable ZoneId zone) {
    return new RowTimes(formats, zone);
  }

  /** Whether a text has a year of two digits, which may be of two centuries. */
  static boolean hasShortYear(String text) {
    return SHORT_YEAR.matcher(text).matches();
  }

  static boolean isTimeOfDay(String text) {
    return TIME_OF_DAY.matcher(text).matches();
  }

  static boolean isNameOfTimes(String column) {
    return OF_TIMES.contains(column.strip().toLowerCase(Locale.ROOT));
  }

  /**
   * Finds how times are written.
   *
   * @param column whose texts they are
   * @param texts that are not missing
   */
  static Found find(String column, List<String> texts, @Nullable ZoneId zone) {
    Found best = new Found(USUAL, 0, null);
    List<String> few = texts.stream().limit(FEW).toList();
    for (TimeSpelling way : ways(column, texts)) {
      int times =
          few.stream().noneMatch(way::looksLike) || way.count(few, zone) == 0
              ? 0
              : way.count(texts, zone);
      if (times > best.times) {
        best = new Found(way, times, null);
      } else if (times == best.times && times > 0 && best.asGood == null) {
        best = new Found(best.spelling, times, way);
      }
      if (best.times == texts.size() && best.spelling.equals(USUAL)) {
        break;
      }
    }
    return best;
  }

  private static List<TimeSpelling> ways(String column, List<String> texts) {
    boolean numbers = texts.stream().allMatch(text -> text.matches("[+-]?[0-9.]+"));
    List<TimeSpelling> ways = new ArrayList<>();
    if (!numbers || texts.stream().anyMatch(text -> text.indexOf('.') != text.lastIndexOf('.'))) {
      ways.add(USUAL);
    }
    if (numbers && isNameOfTimes(column)) {
      ways.add(BASIC);
    }
    for (TimeSpelling other : OTHERS) {
      boolean known = other.formats.get(0).startsWith("epoch-") || isNameOfTimes(column);
      if (other.numeric ? numbers && known : !numbers || other.formats.size() > 1) {
        ways.add(other);
      }
    }
    return ways;
  }

  /**
   * Whether a text has the marks and letters that such times have; most others are told by that.
   */
  private boolean looksLike(String text) {
    if (numeric || formats.size() > 1 && equals(USUAL)) {
      return true;
    }
    String date = formats.get(0);
    boolean words = date.contains("MMM") || date.contains("EEE");
    for (int i = 0; i < date.length(); i++) {
      char mark = date.charAt(i);
      if ("./-,".indexOf(mark) >= 0 && text.indexOf(mark) < 0) {
        return false;
      }
    }
    boolean quoted = date.indexOf('\'') >= 0;
    return quoted
        ? text.toUpperCase(Locale.ROOT).indexOf(date.charAt(date.indexOf('\'') + 1)) >= 0
        : !words || text.chars().anyMatch(Character::isLetter);
  }

  private int count(List<String> texts, @Nullable ZoneId zone) {
    RowTimes reader = reader(zone);
    int times = 0;
    for (String text : texts) {
      times += isPlausible(text) && reader.millis(text).isPresent() ? 1 : 0;
    }
    return times;
  }

  /** Numbers are times only if those are of a time in which people have made series. */
  private boolean isPlausible(String text) {
    if (!numeric) {
      return true;
    }
    return switch (formats.get(0)) {
      case "epoch-seconds" -> text.matches("\\d{9,10}(\\.\\d+)?") && from2000(text, 1);
      case "epoch-millis" -> text.matches("\\d{12,13}") && from2000(text, 1_000);
      case "epoch-micros" -> text.matches("\\d{15,16}") && from2000(text, 1_000_000);
      case "epoch-nanos" -> text.matches("\\d{18,19}") && from2000(text, 1_000_000_000);
      default -> text.matches("(1[5-9]|20|21)\\d\\d(0[1-9]|1[0-2])?(0[1-9]|[12]\\d|3[01])?");
    };
  }

  private static boolean from2000(String text, double perSecond) {
    double seconds = Double.parseDouble(text) / perSecond;
    return seconds >= 946_684_800 && seconds < 3_155_760_000.0;
  }
}
