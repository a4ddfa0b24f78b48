package io.tidecast.runtime.time;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Knows the zones that texts name, or the one of texts that name none. One thread uses it. */
final class TextZone {

  /** There are some 600 regions; that texts name more is the texts' fault. */
  private static final int MAX_CLOCKS = 1_000;

  /** Matches what has an offset behind the name of UTC. */
  private static final Pattern SHIFTED = Pattern.compile("(?:UTC|GMT|UT)[+-][0-9:]+");

  private final TimeFormat format;
  private final SeriesOrder order;
  private final @Nullable WallClock own;
  private final Map<String, WallClock> clocks = new HashMap<>();

  TextZone(TimeFormat format, SeriesOrder order) {
    this.format = format;
    this.order = order;
    this.own = format.zone() == null ? null : new WallClock(format.zone(), format, order);
  }

  /** Says whether a name means the same all over the world: {@code Z}, {@code UTC}, GMT or UT. */
  static boolean isUtc(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "Z", "UTC", "GMT", "UT" -> true;
      default -> false;
    };
  }

  /** Returns the offset that an abbreviation was declared to mean. */
  private ZoneOffset abbreviated(String word) throws TimeException {
    // EST is no zone in July, and IST is one of three: nothing is known but what was declared.
    ZoneOffset declared = format.words().abbreviations().get(word.toUpperCase(Locale.ROOT));
    if (declared == null) {
      throw TimeException.expected(
          "a time whose zone is declared; %s is not one of %s=%s"
              .formatted(
                  word,
                  format.settings().abbreviations(),
                  format.words().abbreviations().keySet().stream().sorted().toList()));
    }
    return declared;
  }

  /**
   * Returns the clocks of texts that name no zone.
   *
   * @throws TimeException if there are none
   */
  WallClock clock() throws TimeException {
    if (own == null) {
      throw TimeException.expected(
          "a time with an offset, for want of " + format.settings().zone());
    }
    return own;
  }

  /**
   * Returns the clocks that a word stands for: an abbreviation, a region, {@code UTC}, {@code
   * UTC+2}.
   *
   * @throws TimeException if it stands for none
   */
  WallClock named(String word) throws TimeException {
    boolean region = word.indexOf('/') > 0 || SHIFTED.matcher(word).matches();
    return isUtc(word) ? clock("Z") : region ? clock(word) : clock(abbreviated(word).getId());
  }

  /**
   * Returns the clocks of a region.
   *
   * @throws TimeException if there is none of the name
   */
  WallClock clock(String region) throws TimeException {
    WallClock known = clocks.get(region);
    if (known != null) {
      return known;
    }
    try {
      WallClock clock = new WallClock(ZoneId.of(region), format, order);
      if (clocks.size() >= MAX_CLOCKS) {
        clocks.clear();
      }
      clocks.put(region, clock);
      return clock;
    } catch (DateTimeException e) {
      throw TimeException.expected(
          "a time of a zone that there is, and %s is none".formatted(region));
    }
  }

  /** Says that text was expected, and of a number which format would make it a time. */
  TimeException notText(Object found) {
    String hint =
        found instanceof Number number && Double.isFinite(number.doubleValue())
            ? Likely.of(new BigDecimal(number.toString()))
                .map(likely -> "; " + likely.in(format))
                .orElse("")
            : "";
    return TimeException.expected("text (%s)%s".formatted(format.name(), hint));
  }
}
