package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.runtime.text.DecimalMark;
import io.tidecast.runtime.text.Thousands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Has the keys of a section that say how producers write values. */
public final class ValueKeys {

  public final ConfigKey<List<String>> missingWords;
  public final ConfigKey<Map<String, Double>> words;
  public final ConfigKey<DecimalMark> decimal;
  public final ConfigKey<Thousands> thousands;

  /**
   * @param mapping begins the keys
   * @param files whether records may come from files
   */
  public ValueKeys(String mapping, boolean files) {
    String found = files ? "; in CSV files what the first lines show" : "";
    missingWords =
        ConfigKey.derived(
                mapping + "missing-words",
                missing(),
                "those of [formats and times](reference/formats-and-times.md#values)",
                "A value that is one of these words or numbers is missing, as one that is null. The list takes the place of the usual words.")
            .example("[\"\", error, -9999]");
    words =
        ConfigKey.derived(
                mapping + "value-words",
                numbers(),
                "no word is a number",
                "These words are numbers, also the booleans `true` and `false`. Capitals do not matter.")
            .example("{\"on\": 1, \"off\": 0}");
    decimal =
        ConfigKey.derived(
            mapping + "decimal-mark",
            ConfigType.oneOf(DecimalMark.class),
            "`point`" + found,
            "A `point` or a `comma` stands before the decimals of a number that is text.");
    thousands =
        ConfigKey.derived(
            mapping + "thousands-separator",
            ConfigType.oneOf(Thousands.class),
            "`none`" + found,
            "A `point`, a `comma`, an `apostrophe` or a `space` of any width may stand between groups of three digits of a number that is text, or nothing (`none`). A number with one in another place is a dead letter.");
  }

  /** Returns every key in the order of the reference page. */
  public List<ConfigKey<?>> all() {
    return List.of(missingWords, words, decimal, thousands);
  }

  private static ConfigType<List<String>> missing() {
    return new ConfigType<>(
        "a list of words and numbers",
        raw -> {
          List<String> words = new ArrayList<>();
          if (!(raw instanceof List<?> list)) {
            throw new IllegalArgumentException();
          }
          list.forEach(word -> words.add(word(word)));
          return List.copyOf(words);
        },
        ConfigType.Display.VALUES);
  }

  private static ConfigType<Map<String, Double>> numbers() {
    return new ConfigType<>(
        "a map of words to numbers",
        raw -> {
          Map<String, Double> numbers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
          if (!(raw instanceof Map<?, ?> map) || map.isEmpty()) {
            throw new IllegalArgumentException();
          }
          map.forEach(
              (word, number) -> {
                if (!(number instanceof Number one)
                    || !Float.isFinite(one.floatValue())
                    || numbers.put(word(word), one.doubleValue()) != null) {
                  throw new IllegalArgumentException();
                }
              });
          return numbers;
        },
        ConfigType.Display.MAPS);
  }

  private static String word(Object word) {
    if (word instanceof String || word instanceof Number || word instanceof Boolean) {
      return word.toString();
    }
    throw new IllegalArgumentException();
  }
}
