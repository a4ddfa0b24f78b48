package io.tidecast.runtime.time;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of {@link DateTimeFormatter} whose words are read in the way of people. In a text, the
 * name of a month or day, or of a half of it, is replaced by a mark that the formatter knows, and
 * so is what stands for a zone. One thread uses it.
 */
final class TimePattern {

  /** Begins what stands for a word in what the formatter reads, and is in no text of anybody. */
  private static final char MARK = '\uE000';

  private static final Map<Long, String> MONTHS = marks('a', 1, 12);
  private static final Map<Long, String> DAYS = marks('n', 1, 7);
  private static final Map<Long, String> HALVES = marks('u', 0, 1);
  private static final String ZONE_MARK = MARK + "z";

  private final List<Word> words = new ArrayList<>();
  private final PatternWords names;
  private DateTimeFormatter formatter = DateTimeFormatter.ISO_DATE;

  // Of the last text.
  private @Nullable String zone;
  private int end;

  /** Says what a word of a text is. */
  private enum Kind {
    MONTH,
    DAY,
    HALF,
    ZONE
  }

  /**
   * A word of a text.
   *
   * @param dotted whether the pattern has a dot behind it, which is none of the word
   */
  private record Word(Kind kind, boolean dotted) {}

  private TimePattern(PatternWords names) {
    this.names = names;
  }

  /**
   * Returns what a pattern says.
   *
   * @throws IllegalArgumentException if it is no pattern, with the reason
   */
  static TimePattern of(String pattern, PatternWords names) {
    if (pattern.indexOf('%') >= 0) {
      throw new IllegalArgumentException("%Y-%m-%d %H:%M:%S is yyyy-MM-dd HH:mm:ss here");
    }
    if (hasFullZones(pattern)) {
      throw new IllegalArgumentException(
          "names of zones in full are not read; z is an abbreviation, VV a region, XXX an offset");
    }
    TimePattern made = new TimePattern(names);
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
    try {
      made.build(prolepticYears(pattern), builder);
      made.formatter = builder.toFormatter(Locale.ENGLISH);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "it is neither of these names, nor a pattern of letters such as yyyy-MM-dd HH:mm:ss", e);
    }
    return made;
  }

  /** Returns what reads the texts that {@link #plain} makes. */
  DateTimeFormatter formatter() {
    return formatter;
  }

  /** Says whether texts have words of a language. */
  boolean hasNames() {
    return words.stream().anyMatch(word -> word.kind != Kind.ZONE);
  }

  /** Says whether texts have abbreviations of zones. */
  boolean namesZones() {
    return words.stream().anyMatch(word -> word.kind == Kind.ZONE);
  }

  /**
   * Returns the text that the formatter reads, with marks for words. What is no word of the
   * language stays, and is refused by the formatter.
   */
  String plain(String text) {
    zone = null;
    if (words.isEmpty()) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length() + 8);
    int next = 0;
    int at = 0;
    while (at < text.length()) {
      if (!Character.isLetter(text.charAt(at))) {
        plain.append(text.charAt(at) == MARK ? '?' : text.charAt(at));
        at++;
        continue;
      }
      String name = null;
      for (int word = next; word < words.size() && name == null; word++) {
        name = name(words.get(word), text, at);
        next = name == null ? next : word + 1;
      }
      if (name == null) {
        end = letters(text, at);
        name = text.substring(at, end);
      }
      plain.append(name);
      at = end;
    }
    return plain.toString();
  }

  /** Returns what the last text has for the zone; null without one. */
  @Nullable String zone() {
    return zone;
  }

  /** Returns the name that the formatter has for a word at a place, and ends behind it. */
  private @Nullable String name(Word word, String text, int from) {
    if (word.kind == Kind.ZONE) {
      end = endOfZone(text, from);
      zone = text.substring(from, end);
      return ZONE_MARK;
    }
    end = letters(text, from);
    if (word.kind == Kind.HALF) {
      // Also a.m., and a. m.
      for (int longer = from; longer >= 0; longer = next(text, longer)) {
        int dotted = letters(text, longer);
        Integer half = names.half(text.substring(from, dotted));
        if (half != null) {
          end = dotted < text.length() && text.charAt(dotted) == '.' ? dotted + 1 : dotted;
          return HALVES.get((long) half);
        }
      }
      return null;
    }
    String found = text.substring(from, end);
    Integer number = word.kind == Kind.MONTH ? names.month(found) : names.day(found);
    if (number == null) {
      return null;
    }
    if (end < text.length()
        && text.charAt(end) == '.'
        && (!word.dotted || text.startsWith("..", end))) {
      end++;
    }
    return word.kind == Kind.MONTH ? MONTHS.get((long) number) : DAYS.get((long) number);
  }

  /** Returns where letters go on behind a dot or a space, or both; -1 if they don't. */
  private static int next(String text, int from) {
    int at = letters(text, from);
    while (at < text.length() && (text.charAt(at) == '.' || isSpace(text.charAt(at)))) {
      at++;
    }
    return at < text.length() && at > from && Character.isLetter(text.charAt(at)) ? at : -1;
  }

  private static boolean isSpace(char one) {
    return Character.isSpaceChar(one);
  }

  private static int letters(String text, int from) {
    int at = from;
    while (at < text.length() && isOfWord(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isOfWord(char one) {
    return Character.isLetter(one) || Character.getType(one) == Character.NON_SPACING_MARK;
  }

  private static int endOfZone(String text, int from) {
    int at = from;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "/_+-:".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    return at;
  }

  /** Gives the builder a pattern piece by piece, words apart. */
  private void build(String pattern, DateTimeFormatterBuilder builder) {
    StringBuilder piece = new StringBuilder();
    int at = 0;
    while (at < pattern.length()) {
      char letter = pattern.charAt(at);
      int until = at;
      if (letter == '\'') {
        until = endOfQuote(pattern, at);
      } else {
        while (until < pattern.length() && pattern.charAt(until) == letter) {
          until++;
        }
      }
      Kind kind = kind(letter, until - at);
      if (kind == null) {
        piece.append(pattern, at, until);
      } else {
        flush(piece, builder);
        words.add(new Word(kind, until < pattern.length() && pattern.charAt(until) == '.'));
        switch (kind) {
          case MONTH -> builder.appendText(ChronoField.MONTH_OF_YEAR, MONTHS);
          case DAY -> builder.appendText(ChronoField.DAY_OF_WEEK, DAYS);
          case HALF -> builder.appendText(ChronoField.AMPM_OF_DAY, HALVES);
          case ZONE -> builder.appendLiteral(ZONE_MARK);
        }
      }
      at = until;
    }
    flush(piece, builder);
  }

  private static void flush(StringBuilder piece, DateTimeFormatterBuilder builder) {
    if (!piece.isEmpty()) {
      builder.appendPattern(piece.toString());
      piece.setLength(0);
    }
  }

  /** Says which word a run of one letter stands for; null where it is no word, but a number. */
  private static @Nullable Kind kind(char letter, int length) {
    return switch (letter) {
      case 'M', 'L' -> length == 3 || length == 4 ? Kind.MONTH : null;
      case 'E' -> length <= 4 ? Kind.DAY : null;
      case 'a' -> length == 1 ? Kind.HALF : null;
      case 'z' -> length <= 3 ? Kind.ZONE : null;
      default -> null;
    };
  }

  private static boolean hasFullZones(String pattern) {
    String bare = pattern.replaceAll("'[^']*'", "");
    return bare.contains("zzzz") || bare.contains("v");
  }

  private static int endOfQuote(String pattern, int from) {
    int close = pattern.indexOf('\'', from + 1);
    return close < 0 ? pattern.length() : close + 1;
  }

  /**
   * Makes {@code uuuu} of {@code yyyy}, which everybody writes. Strictly, that is the year of an
   * era, and no date without the era.
   */
  private static String prolepticYears(String pattern) {
    if (pattern.indexOf('G') >= 0) {
      return pattern;
    }
    StringBuilder years = new StringBuilder(pattern);
    boolean quoted = false;
    for (int i = 0; i < years.length(); i++) {
      if (years.charAt(i) == '\'') {
        quoted = !quoted;
      } else if (years.charAt(i) == 'y' && !quoted) {
        years.setCharAt(i, 'u');
      }
    }
    return years.toString();
  }

  private static Map<Long, String> marks(char letter, int first, int last) {
    Map<Long, String> marks = new HashMap<>();
    for (int i = first; i <= last; i++) {
      marks.put((long) i, "" + MARK + (char) (letter + i - first));
    }
    return marks;
  }
}
