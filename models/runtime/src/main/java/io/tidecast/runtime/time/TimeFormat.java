package io.tidecast.runtime.time;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says how times are written, and what the clocks that they were read from do.
 *
 * @param name of a unit, such as {@code epoch-millis} ({@link EpochUnit}); {@link #ISO_8601}; or a
 *     pattern of {@link java.time.format.DateTimeFormatter}
 * @param local whether numbers count on a wall clock, as Avro's local timestamps do, and not in UTC
 * @param zone of the wall clock of times that name none; null when each of them must
 * @param numericText whether text that spells a number counts as the number
 * @param clockChanges what becomes of the hours in which the wall clock is changed
 * @param words the words in texts
 * @param marks which end of its interval a time is
 * @param settings the names of what sets all this, for messages
 */
public record TimeFormat(
    String name,
    boolean local,
    @Nullable ZoneId zone,
    boolean numericText,
    ClockChanges clockChanges,
    Words words,
    Marks marks,
    Settings settings)
    implements Serializable {

  /** Names the format of ISO 8601, in all its variants. */
  public static final String ISO_8601 = "iso-8601";

  /** Says what becomes of a local time that comes twice, since clocks go back over it. */
  public enum Overlap {
    /** It is the first of the two. */
    EARLIER,
    /** It is the second of the two. */
    LATER,
    /** It is the one that goes on from the time of the same series before. */
    IN_ORDER,
    REFUSE
  }

  /** Says what becomes of a local time that does not exist, since clocks go forward over it. */
  public enum Gap {
    REFUSE,
    /** It is what a clock shows that was changed too early: 02:30 becomes 01:30. */
    EARLIER,
    /** It is what a clock shows that was not changed yet: 02:30 becomes 03:30. */
    LATER
  }

  /** Says which end of the interval that a record is about its time is. */
  public enum Marks {
    START,
    /** The interval ends with it: 01:00 belongs to what lies before. */
    END
  }

  /** Says what becomes of local times where the clocks are changed. */
  public record ClockChanges(Overlap overlap, Gap gap) implements Serializable {

    public ClockChanges {
      requireNonNull(overlap, "overlap is null");
      requireNonNull(gap, "gap is null");
    }
  }

  /**
   * Says what the words in texts mean.
   *
   * @param language of the names of months and days, and of morning and afternoon
   * @param abbreviations of time zones, in upper case, with the offset that each of them means
   */
  public record Words(Locale language, Map<String, ZoneOffset> abbreviations)
      implements Serializable {

    public Words {
      requireNonNull(language, "language is null");
      Map<String, ZoneOffset> upper = new TreeMap<>();
      abbreviations.forEach((name, offset) -> upper.put(name.toUpperCase(Locale.ROOT), offset));
      abbreviations = Map.copyOf(upper);
    }

    /** Shows abbreviations in order, so that the text is the same in every process. */
    @Override
    public String toString() {
      return "Words[language=%s, abbreviations=%s]"
          .formatted(language, new TreeMap<>(abbreviations));
    }
  }

  /**
   * Names the settings that messages tell to change.
   *
   * @param prefix of all of them, such as {@code source.mapping.}
   */
  public record Settings(String prefix) implements Serializable {

    public Settings {
      requireNonNull(prefix, "prefix is null");
    }

    String format() {
      return prefix + "time-format";
    }

    String numericStrings() {
      return prefix + "allow-numeric-strings";
    }

    String zone() {
      return prefix + "time-zone";
    }

    String language() {
      return prefix + "time-language";
    }

    String abbreviations() {
      return prefix + "time-abbreviations";
    }

    String overlap() {
      return prefix + "time-overlap";
    }

    String gap() {
      return prefix + "time-gap";
    }
  }

  public TimeFormat {
    requireNonNull(name, "name is null");
    requireNonNull(clockChanges, "clockChanges is null");
    requireNonNull(words, "words is null");
    requireNonNull(marks, "marks is null");
    requireNonNull(settings, "settings is null");
  }

  /**
   * Returns a format as it is where nothing else is said: English, no abbreviation known, what a
   * change of the clocks makes doubtful refused.
   */
  public static TimeFormat of(String name, @Nullable ZoneId zone, Settings settings) {
    return new TimeFormat(
        name,
        false,
        zone,
        false,
        new ClockChanges(Overlap.REFUSE, Gap.REFUSE),
        new Words(Locale.ENGLISH, Map.of()),
        Marks.START,
        settings);
  }

  /** Returns the same format of numbers that count on the wall clock of its zone. */
  public TimeFormat onTheWall() {
    return new TimeFormat(name, true, zone, numericText, clockChanges, words, marks, settings);
  }

  /** Returns the same format, in which text may spell a number. */
  public TimeFormat withNumericText(boolean numeric) {
    return new TimeFormat(name, local, zone, numeric, clockChanges, words, marks, settings);
  }

  /** Returns the same format with other rules for the hours in which clocks are changed. */
  public TimeFormat with(ClockChanges changes) {
    return new TimeFormat(name, local, zone, numericText, changes, words, marks, settings);
  }

  /** Returns the same format with other words. */
  public TimeFormat with(Words other) {
    return new TimeFormat(name, local, zone, numericText, clockChanges, other, marks, settings);
  }

  /** Returns the same format of times that mark the other end. */
  public TimeFormat with(Marks other) {
    return new TimeFormat(name, local, zone, numericText, clockChanges, words, other, settings);
  }
}
