package io.tidecast.flink.config.value;

import io.tidecast.flink.config.value.ConfigType.Display;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Says what the values of keys may be that are about times in records. */
public final class TimeTypes {

  private static final Pattern ABBREVIATION = Pattern.compile("[A-Za-z]{1,10}");

  private TimeTypes() {}

  /** Takes the tag of a language, with a country or without. */
  public static ConfigType<Locale> language() {
    return new ConfigType<>(
        "a language, such as de, fr or en-US",
        raw -> {
          require(raw instanceof String);
          Locale language = Locale.forLanguageTag((String) raw);
          require(
              !language.getLanguage().isEmpty()
                  && language.toLanguageTag().equalsIgnoreCase((String) raw)
                  && Arrays.stream(Locale.getAvailableLocales())
                      .anyMatch(known -> known.getLanguage().equals(language.getLanguage())));
          return language;
        },
        Display.VALUES);
  }

  /** Takes a map of abbreviations of time zones to offsets. */
  public static ConfigType<Map<String, ZoneOffset>> abbreviations() {
    ConfigType<ZoneOffset> offset =
        new ConfigType<>(
            "an offset such as \"+02:00\"",
            raw -> {
              require(raw instanceof String);
              try {
                return ZoneOffset.of((String) raw);
              } catch (DateTimeException e) {
                throw new IllegalArgumentException(e);
              }
            },
            Display.VALUES);
    ConfigType<Map<String, ZoneOffset>> named = ConfigType.named(offset);
    return new ConfigType<>(
        "a map of abbreviations to offsets, such as {EST: \"-05:00\"}",
        raw -> {
          Map<String, ZoneOffset> offsets = named.parser().apply(raw);
          require(offsets.keySet().stream().allMatch(name -> ABBREVIATION.matcher(name).matches()));
          return offsets;
        },
        Display.MAPS);
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException();
    }
  }
}
