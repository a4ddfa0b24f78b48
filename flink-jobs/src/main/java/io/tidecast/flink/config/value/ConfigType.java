package io.tidecast.flink.config.value;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.source.Stop;
import io.tidecast.runtime.grid.GridStep;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says what the value of a key may be.
 *
 * @param range for people: kind, unit and limits, as it ends the sentence "must be"
 * @param parser throws {@link IllegalArgumentException} for what is not in the range
 * @param display how much of a value that was refused may be shown
 */
public record ConfigType<T>(String range, Function<Object, T> parser, Display display) {

  /** Says how much of a value a message may show. */
  public enum Display {
    /**
     * Nothing is shown, for the value may be a password. References in it are kept, to be resolved
     * where the value is used.
     */
    NOTHING,
    /** A single value or a list of them is shown. Of a map in their place nothing is. */
    VALUES,
    /** A map of names to single values is shown, too. */
    MAPS
  }

  private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,15}) ?(ms|s|min|h|d)");

  private static final Pattern SERVER =
      Pattern.compile(
          "(?:[^\\s,:\\[\\]]+|\\[[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F.:]*(?:%\\w+)?\\]):(\\d{1,5})");

  private static final Pattern TIME_OF_DAY = Pattern.compile("\\d{2}:\\d{2}(:\\d{2})?");

  public static ConfigType<String> text() {
    return shown(
        "text",
        raw -> {
          require(raw instanceof String text && !text.isBlank());
          return (String) raw;
        });
  }

  public static ConfigType<String> topic() {
    return matching(
        "the name of a Kafka topic: 1 to 249 of the characters a-z A-Z 0-9 . _ -",
        "(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
  }

  public static ConfigType<String> matching(String range, String regex) {
    Pattern pattern = Pattern.compile(regex);
    return shown(
        range,
        raw -> {
          require(raw instanceof String text && pattern.matcher(text).matches());
          return (String) raw;
        });
  }

  /** Takes brokers, one or several, and makes the text that Kafka's clients take of them. */
  public static ConfigType<String> servers() {
    return shown(
        "host:port, or \"[address]:port\" for IPv6; several separated by commas, or a list",
        raw -> {
          List<String> servers = new ArrayList<>();
          for (Object one : raw instanceof Iterable<?> list ? list : Arrays.asList(raw)) {
            require(one instanceof String);
            for (String server : ((String) one).split(",", -1)) {
              servers.add(server(server.strip()));
            }
          }
          require(!servers.isEmpty());
          return String.join(",", servers);
        });
  }

  private static String server(String text) {
    Matcher matcher = SERVER.matcher(text);
    require(matcher.matches());
    int port = Integer.parseInt(matcher.group(1));
    require(port >= 1 && port <= 65_535);
    return text;
  }

  /** Takes one value, or a list of different ones. */
  public static <T> ConfigType<List<T>> oneOrMore(ConfigType<T> type) {
    return shown(
        type.range() + "; or a list of different ones",
        raw -> {
          List<T> values = new ArrayList<>();
          for (Object one : raw instanceof Iterable<?> list ? list : Arrays.asList(raw)) {
            T value = type.parser().apply(one);
            require(!values.contains(value));
            values.add(value);
          }
          require(!values.isEmpty());
          return List.copyOf(values);
        });
  }

  /** Takes the path of a field that records of topics can have. */
  public static ConfigType<FieldPath> path() {
    return path("$key, $header.NAME, $timestamp, $topic", false);
  }

  /** Takes the path of a field that records of topics or lines of files can have. */
  public static ConfigType<FieldPath> pathOrFile() {
    return path("$key, $header.NAME, $timestamp, $topic, $file", true);
  }

  private static ConfigType<FieldPath> path(String reserved, boolean files) {
    return shown(
        "the path of a field such as `a.b[0].c`, or one of " + reserved,
        raw -> {
          require(raw instanceof String);
          FieldPath path = files ? ofFile((String) raw) : FieldPath.parse((String) raw);
          require(files || path.place() != FieldPath.Place.FILE);
          return path;
        });
  }

  /** Takes the name of a column, too, which need be no path. */
  private static FieldPath ofFile(String text) {
    try {
      return FieldPath.parse(text);
    } catch (IllegalArgumentException e) {
      if (text.isBlank() || text.startsWith("$")) {
        throw e;
      }
      return FieldPath.ofColumn(text);
    }
  }

  public static ConfigType<String> pattern() {
    return shown(
        "a regular expression",
        raw -> {
          require(raw instanceof String text && !text.isBlank());
          return Pattern.compile((String) raw).pattern();
        });
  }

  public static ConfigType<Integer> count(int min, int max, String unit) {
    return shown(
        String.format(Locale.ROOT, "a whole number of %s, %,d to %,d", unit, min, max),
        raw -> {
          require(raw instanceof Integer number && number >= min && number <= max);
          return (Integer) raw;
        });
  }

  /** Takes a count, or a word for 0. */
  public static ConfigType<Integer> countOr(String zero, int min, int max, String unit) {
    ConfigType<Integer> count = count(min, max, unit);
    return shown(
        count.range() + "; or " + zero, raw -> zero.equals(raw) ? 0 : count.parser().apply(raw));
  }

  public static ConfigType<LocalTime> timeOfDay() {
    return shown(
        "a time of day, such as \"06:00\"",
        raw -> {
          require(raw instanceof String text && TIME_OF_DAY.matcher(text).matches());
          try {
            return LocalTime.parse((String) raw);
          } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  /**
   * Takes ISO-8601, or a number with one of the units ms, s, min, h, d. It must be whole
   * milliseconds.
   */
  public static ConfigType<Duration> duration(String min, String max) {
    Duration least = parseDuration(min);
    Duration most = parseDuration(max);
    return shown(
        "a duration, %s to %s".formatted(min, max),
        raw -> {
          require(raw instanceof String);
          Duration duration = parseDuration((String) raw);
          require(duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0);
          require(duration.toNanosPart() % 1_000_000 == 0);
          return duration;
        });
  }

  public static ConfigType<Stop> stop() {
    return shown(
        "never, latest or a time such as 2026-11-20T00:00:00Z",
        raw -> {
          require(raw instanceof String);
          return switch ((String) raw) {
            case "never" -> Stop.NEVER;
            case "latest" -> new Stop(Stop.Kind.LATEST, null);
            default -> new Stop(Stop.Kind.TIME, time((String) raw));
          };
        });
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Takes a part of the calendar, which is in UTC until its zone is known, or a duration. */
  public static ConfigType<GridStep> step(String min, String max) {
    ConfigType<Duration> fixed = duration(min, max);
    return shown(
        GridStep.Unit.names() + " or " + fixed.range(),
        raw -> {
          require(raw instanceof String);
          return GridStep.Unit.of((String) raw)
              .map(unit -> GridStep.of(unit, ZoneOffset.UTC))
              .orElseGet(() -> GridStep.fixed(fixed.parser().apply(raw)));
        });
  }

  public static ConfigType<ZoneId> zone() {
    return shown(
        "the name of a time zone, such as Europe/Berlin",
        raw -> {
          require(raw instanceof String);
          try {
            return ZoneId.of((String) raw);
          } catch (DateTimeException e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  public static ConfigType<Boolean> flag() {
    return shown(
        "true or false",
        raw -> {
          require(raw instanceof Boolean);
          return (Boolean) raw;
        });
  }

  public static ConfigType<Double> number() {
    return shown(
        "a number in the range of a 32-bit float",
        raw -> {
          require(raw instanceof Number number && Float.isFinite(number.floatValue()));
          return ((Number) raw).doubleValue();
        });
  }

  public static ConfigType<Double> positive() {
    return shown(
        "a number above 0",
        raw -> {
          require(raw instanceof Number number && number.doubleValue() > 0);
          require(Double.isFinite(((Number) raw).doubleValue()));
          return ((Number) raw).doubleValue();
        });
  }

  public static ConfigType<Double> numberWithin(double min, double max) {
    return shown(
        "a number from %s to %s".formatted(min, max),
        raw -> {
          require(raw instanceof Number);
          double number = ((Number) raw).doubleValue();
          require(number >= min && number <= max);
          return number;
        });
  }

  public static <E extends Enum<E>> ConfigType<E> oneOf(Class<E> type) {
    return oneOf(EnumSet.allOf(type));
  }

  public static <E extends Enum<E>> ConfigType<E> oneOf(Set<E> constants) {
    Map<String, E> byText =
        constants.stream()
            .collect(
                Collectors.toMap(Spelling::of, Function.identity(), (a, b) -> a, TreeMap::new));
    return shown(
        "one of " + String.join(", ", byText.keySet()),
        raw -> {
          require(raw instanceof String && byText.containsKey(raw));
          return byText.get(raw);
        });
  }

  public static ConfigType<URI> uri() {
    return shown(
        "a URI with a scheme, such as file:///var/lib/tidecast/checkpoints",
        raw -> {
          require(raw instanceof String);
          URI uri = URI.create((String) raw);
          require(uri.isAbsolute());
          return uri;
        });
  }

  /** Takes a map of names to one value each. */
  public static <T> ConfigType<Map<String, T>> named(ConfigType<T> type) {
    return new ConfigType<>(
        "a map of names to " + type.range(),
        raw -> {
          require(raw instanceof Map);
          Map<String, T> values = new TreeMap<>();
          ((Map<?, ?>) raw)
              .forEach(
                  (name, value) -> {
                    require(name instanceof String text && !text.isBlank());
                    values.put((String) name, type.parser().apply(value));
                  });
          return values;
        },
        Display.MAPS);
  }

  /** Takes a map of whole numbers to one value each. */
  public static <T> ConfigType<Map<Integer, T>> numbered(String of, ConfigType<T> type) {
    return new ConfigType<>(
        "a map of %s to %s".formatted(of, type.range()),
        raw -> {
          require(raw instanceof Map<?, ?> map && !map.isEmpty());
          Map<Integer, T> values = new TreeMap<>();
          ((Map<?, ?>) raw)
              .forEach(
                  (number, value) -> {
                    require(number instanceof Integer);
                    values.put((Integer) number, type.parser().apply(value));
                  });
          return values;
        },
        Display.MAPS);
  }

  /**
   * Takes an address of a database, which is never shown.
   *
   * @param kind of database, as its driver calls it
   */
  public static ConfigType<String> jdbcUrl(String kind) {
    return new ConfigType<>(
        "a JDBC URL such as jdbc:%s://db:5432/tidecast".formatted(kind),
        raw -> {
          require(
              raw instanceof String text
                  && (text.startsWith("jdbc:" + kind + ":") || text.startsWith("${")));
          return (String) raw;
        },
        Display.NOTHING);
  }

  /**
   * Takes text that is never shown.
   *
   * @param what it is, for people
   */
  public static ConfigType<String> secret(String what) {
    return new ConfigType<>(what, text().parser(), Display.NOTHING);
  }

  /** Takes the address of an HTTP server, without a name and a password. */
  public static ConfigType<URI> httpAddress() {
    return shown(
        "an address such as https://registry-1:8081, without a name and a password",
        raw -> {
          require(raw instanceof String);
          URI uri = URI.create((String) raw);
          require("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
          require(uri.getHost() != null && uri.getRawUserInfo() == null);
          require(uri.getRawQuery() == null && uri.getRawFragment() == null);
          return uri;
        });
  }

  /** Takes a map of names to text. Its values may be passwords and are never shown. */
  public static ConfigType<Map<String, String>> properties() {
    return new ConfigType<>(
        "a map of names to single values",
        raw -> {
          require(raw instanceof Map);
          Map<String, String> properties = new TreeMap<>();
          ((Map<?, ?>) raw)
              .forEach(
                  (name, value) -> {
                    require(name instanceof String);
                    require(
                        value instanceof String
                            || value instanceof Number
                            || value instanceof Boolean);
                    properties.put((String) name, value.toString());
                  });
          return properties;
        },
        Display.NOTHING);
  }

  /** Says whether a value is in the range. */
  public boolean accepts(@Nullable Object raw) {
    try {
      var unused = parser.apply(raw);
      return true;
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false;
    }
  }

  private static <T> ConfigType<T> shown(String range, Function<Object, T> parser) {
    return new ConfigType<>(range, parser, Display.VALUES);
  }

  private static Duration parseDuration(String text) {
    Matcher matcher = SHORT_DURATION.matcher(text);
    if (!matcher.matches()) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException | ArithmeticException e) {
        throw new IllegalArgumentException(e);
      }
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "min" -> Duration.ofSeconds(Math.multiplyExact(amount, 60));
      case "h" -> Duration.ofSeconds(Math.multiplyExact(amount, 3_600));
      default -> Duration.ofSeconds(Math.multiplyExact(amount, 86_400));
    };
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException();
    }
  }
}
