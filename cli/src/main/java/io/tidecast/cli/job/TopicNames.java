package io.tidecast.cli.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.resource.PatternType;

/**
 * Names of topics as Kafka's rules can tell them: one name, or all that begin alike. A regular
 * expression says more than that, so that its names are among these.
 *
 * @param name the whole name, its beginning, or {@code *} for all
 */
record TopicNames(String name, PatternType pattern) {

  private static final String SPECIAL = "\\^$.|?*+()[]{}";

  /** With these after it, a character need not be there. */
  private static final String OPTIONAL = "?*{";

  /**
   * Returns the narrowest rules that hold every name of a regular expression; of alternatives one
   * each.
   */
  static List<TopicNames> of(String regex) {
    Map<String, TopicNames> found = new LinkedHashMap<>();
    for (String one : alternatives(regex)) {
      TopicNames names = ofOne(one);
      if (names.name.isEmpty()) {
        return List.of(new TopicNames(KafkaRight.EVERY, PatternType.LITERAL));
      }
      found.putIfAbsent(names.toString(), names);
    }
    return List.copyOf(found.values());
  }

  /** Splits at the bars that are in no brackets; what is quoted as a whole is not looked into. */
  private static List<String> alternatives(String regex) {
    List<String> all = new ArrayList<>();
    int groups = 0;
    int classes = 0;
    int from = 0;
    for (int i = 0; i < regex.length(); i++) {
      char character = regex.charAt(i);
      if (character == '\\') {
        i++;
      } else if (character == '[') {
        classes++;
      } else if (classes > 0) {
        classes -= character == ']' ? 1 : 0;
      } else if (character == '(') {
        groups++;
      } else if (character == ')') {
        groups--;
      } else if (character == '|' && groups == 0) {
        all.add(regex.substring(from, i));
        from = i + 1;
      }
    }
    all.add(regex.substring(from));
    // Of what was not understood nothing is known but that it may be any name.
    return regex.contains("\\Q") || groups != 0 || classes != 0 ? List.of("") : all;
  }

  private static TopicNames ofOne(String regex) {
    StringBuilder begin = new StringBuilder();
    int i = regex.startsWith("^") ? 1 : 0;
    while (i < regex.length()) {
      int length = 1;
      char character = regex.charAt(i);
      if (character == '\\' && i + 1 < regex.length() && isEscaped(regex.charAt(i + 1))) {
        character = regex.charAt(i + 1);
        length = 2;
      } else if (SPECIAL.indexOf(character) >= 0) {
        return regex.substring(i).equals("$") && !begin.isEmpty()
            ? new TopicNames(begin.toString(), PatternType.LITERAL)
            : new TopicNames(begin.toString(), PatternType.PREFIXED);
      }
      int next = i + length;
      if (next < regex.length() && OPTIONAL.indexOf(regex.charAt(next)) >= 0) {
        return new TopicNames(begin.toString(), PatternType.PREFIXED);
      }
      begin.append(character);
      i = next;
    }
    return new TopicNames(begin.toString(), PatternType.LITERAL);
  }

  /** Whether a backslash before it makes a character stand for itself. */
  private static boolean isEscaped(char character) {
    return !Character.isLetterOrDigit(character);
  }
}
