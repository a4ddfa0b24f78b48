package io.tidecast.benchmarks.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a job has said, each sentence once with how often it came; numbers make no other one. */
final class Sentences {

  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9,.:]*");
  private static final int LONGEST = 400;

  /** Numbers of forecasts of which the job says that they are lost. */
  private static final Pattern LOSS =
      Pattern.compile("([0-9][0-9,]*) forecasts?\\b[^.]*\\blost\\b", Pattern.CASE_INSENSITIVE);

  private final List<String> lines;

  Sentences(List<String> lines) {
    this.lines = lines;
  }

  boolean have(String text) {
    return lines.stream().anyMatch(line -> line.contains(text));
  }

  /** How many forecasts are lost, by what the job itself says; all that it says added up. */
  long lossTold() {
    long told = 0;
    for (String line : lines) {
      Matcher matcher = LOSS.matcher(line);
      while (matcher.find()) {
        told += Long.parseLong(matcher.group(1).replace(",", ""));
      }
    }
    return told;
  }

  /** The sentences in the order in which they first came. */
  List<String> once() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, String> first = new LinkedHashMap<>();
    for (String line : lines) {
      if (line.isBlank() || line.startsWith(Job.NOTE + "start")) {
        continue;
      }
      String pattern = NUMBER.matcher(line).replaceAll("#");
      counts.merge(pattern, 1, Integer::sum);
      first.putIfAbsent(pattern, line.strip());
    }
    return counts.entrySet().stream()
        .map(
            entry -> {
              String line = first.getOrDefault(entry.getKey(), "");
              String cut = line.length() > LONGEST ? line.substring(0, LONGEST) + " ..." : line;
              return entry.getValue() == 1 ? cut : entry.getValue() + " times: " + cut;
            })
        .toList();
  }
}
