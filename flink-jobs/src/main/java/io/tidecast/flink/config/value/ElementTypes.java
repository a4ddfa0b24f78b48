package io.tidecast.flink.config.value;

import io.tidecast.flink.config.value.ConfigType.Display;
import io.tidecast.flink.format.field.Condition;
import io.tidecast.flink.format.field.Condition.Exists;
import io.tidecast.flink.format.field.Condition.In;
import io.tidecast.flink.format.field.Condition.Matches;
import io.tidecast.flink.format.field.Each;
import io.tidecast.flink.format.field.FieldPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what the values of keys may be that are about several observations in a record. */
public final class ElementTypes {

  private ElementTypes() {}

  /** Takes one way to what is gone over, or several. */
  public static ConfigType<Each> each() {
    ConfigType<List<String>> texts = ConfigType.oneOrMore(ConfigType.text());
    return new ConfigType<>(
        "the path of an array or a map such as `metrics`, `a[*].b[*]` or `values.*`, or `$` for the value itself; or a list of paths that differ after their last star but one",
        raw -> Each.parse(texts.parser().apply(raw)),
        Display.VALUES);
  }

  /** Takes a map of paths to what the fields must be. */
  public static ConfigType<List<Condition>> conditions(ConfigType<FieldPath> path) {
    return new ConfigType<>(
        "a map of paths, each to a value, a list of values, `{exists: true}`, `{matches: EXPRESSION}`, `{in: [a, b]}` or `{equals: a}`",
        raw -> {
          require(raw instanceof Map<?, ?> map && !map.isEmpty());
          List<Condition> all = new ArrayList<>();
          ((Map<?, ?>) raw)
              .forEach(
                  (name, wanted) -> {
                    require(name instanceof String);
                    FieldPath field = path.parser().apply(name);
                    tests(wanted).forEach(test -> all.add(new Condition(field, test)));
                  });
          return List.copyOf(all);
        },
        Display.MAPS);
  }

  private static List<Condition.Test> tests(@Nullable Object wanted) {
    if (!(wanted instanceof Map<?, ?> map)) {
      return List.of(in(wanted));
    }
    require(!map.isEmpty());
    List<Condition.Test> tests = new ArrayList<>();
    map.forEach((name, value) -> tests.add(test(name, value)));
    return tests;
  }

  private static Condition.Test test(@Nullable Object name, @Nullable Object value) {
    switch (String.valueOf(name)) {
      case "equals" -> {
        require(!(value instanceof Iterable));
        return in(value);
      }
      case "in" -> {
        require(value instanceof Iterable);
        return in(value);
      }
      case "exists" -> {
        require(value instanceof Boolean);
        return new Exists(Boolean.TRUE.equals(value));
      }
      case "matches" -> {
        require(value instanceof String);
        return new Matches(Pattern.compile(String.valueOf(value)));
      }
      default -> throw new IllegalArgumentException();
    }
  }

  private static Condition.Test in(@Nullable Object wanted) {
    List<Object> values = new ArrayList<>();
    for (Object one : wanted instanceof Iterable<?> list ? list : Arrays.asList(wanted)) {
      require(one instanceof String || one instanceof Number || one instanceof Boolean);
      values.add(one);
    }
    require(!values.isEmpty());
    return new In(values);
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException();
    }
  }
}
