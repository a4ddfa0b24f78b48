package io.tidecast.runtime.time;

import java.text.DateFormatSymbols;
import java.text.Normalizer;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of months and days, and of morning and afternoon, in one language: long, short, or cut
 * off where no other begins so, in any case, with accents or without. What could be two of them is
 * none. One thread uses it.
 */
final class PatternWords {

  private static final int LEAST_CHARS = 3;
  private static final int MAX_SEEN = 1_000;

  /** Accents of Latin letters. The marks of other scripts tell words apart. */
  private static final Pattern ACCENTS = Pattern.compile("[\\u0300-\\u036f]+");

  private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{M}]+");

  private final Names months;
  private final Names days;
  private final Names halves = new Names();

  PatternWords(Locale language) {
    DateFormatSymbols symbols = DateFormatSymbols.getInstance(language);
    months = new Names();
    months.addAll(Month.values().length, (i, style) -> Month.of(i).getDisplayName(style, language));
    addSymbols(months, symbols.getMonths(), 1);
    addSymbols(months, symbols.getShortMonths(), 1);
    if (language.getLanguage().equals("de")) {
      // As they are written in Austria, and by older programs.
      months.add("jänner", 1);
      months.add("feber", 2);
      months.add("mrz", 3);
    }
    months.addBeginnings();
    days = new Names();
    days.addAll(
        DayOfWeek.values().length, (i, style) -> DayOfWeek.of(i).getDisplayName(style, language));
    days.addBeginnings();
    halves.add("am", 0);
    halves.add("pm", 1);
    addSymbols(halves, symbols.getAmPmStrings(), 0);
  }

  /** Returns the number of a month, from 1; null if the word is none. */
  @Nullable Integer month(String word) {
    return months.get(word);
  }

  /** Returns the number of a day of the week, from 1 for Monday; null if the word is none. */
  @Nullable Integer day(String word) {
    return days.get(word);
  }

  /** Returns 0 for the morning, 1 for the afternoon; null if the word is neither. */
  @Nullable Integer half(String word) {
    return halves.get(word);
  }

  private static void addSymbols(Names names, String[] words, int first) {
    for (int i = 0; i < words.length; i++) {
      names.add(words[i], first + i);
    }
  }

  private static String plain(String word) {
    String letters = NO_LETTERS.matcher(word).replaceAll("");
    return ACCENTS
        .matcher(Normalizer.normalize(letters, Normalizer.Form.NFD))
        .replaceAll("")
        .toLowerCase(Locale.ROOT);
  }

  /** Words with the numbers that they stand for. */
  private static final class Names {

    /** What stands for two numbers, and so for none. */
    private static final Integer DOUBTFUL = -1;

    private final Map<String, Integer> numbers = new HashMap<>();

    /** As they were found in texts. */
    private final Map<String, Integer> seen = new HashMap<>();

    void addAll(int count, BiFunction<Integer, TextStyle, String> name) {
      for (int i = 1; i <= count; i++) {
        for (TextStyle style :
            List.of(
                TextStyle.FULL,
                TextStyle.FULL_STANDALONE,
                TextStyle.SHORT,
                TextStyle.SHORT_STANDALONE)) {
          add(name.apply(i, style), i);
        }
      }
    }

    void add(String word, int number) {
      String lower = word.toLowerCase(Locale.ROOT);
      put(plain(lower), number);
      put(plain(lower.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")), number);
    }

    /** Adds what words begin with, unless it begins words of two numbers or is a word itself. */
    void addBeginnings() {
      Map<String, Integer> words = new HashMap<>(numbers);
      Set<String> doubtful = new HashSet<>();
      Map<String, Integer> beginnings = new HashMap<>();
      words.forEach(
          (word, number) -> {
            for (int end = LEAST_CHARS; end < word.length(); end++) {
              Integer other = beginnings.putIfAbsent(word.substring(0, end), number);
              if (other != null && !other.equals(number)) {
                doubtful.add(word.substring(0, end));
              }
            }
          });
      beginnings.keySet().removeAll(doubtful);
      beginnings.forEach(numbers::putIfAbsent);
    }

    @Nullable Integer get(String word) {
      Integer known = seen.get(word);
      if (known == null) {
        known = numbers.getOrDefault(plain(word), DOUBTFUL);
        if (seen.size() >= MAX_SEEN) {
          seen.clear();
        }
        seen.put(word, known);
      }
      return known.equals(DOUBTFUL) ? null : known;
    }

    private void put(String word, int number) {
      if (!word.isEmpty()) {
        numbers.merge(word, number, (old, added) -> old.equals(added) ? old : DOUBTFUL);
      }
    }
  }
}
