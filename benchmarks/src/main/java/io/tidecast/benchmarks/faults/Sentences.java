package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.ledger.Account;
import io.tidecast.benchmarks.process.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a job has said, each sentence once with how often it came; numbers make no other one. */
final class Sentences {

  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9,.:]*");
  private static final int LONGEST = 400;

  /** What a job says of its losses; it says so again when there are more. */
  private static final Pattern LOSS =
      Pattern.compile("([0-9][0-9,]*) forecasts? and ([0-9][0-9,]*) dead letters? are lost");

  private final List<String> lines;

  Sentences(List<String> lines) {
    this.lines = lines;
  }

  boolean have(String text) {
    return lines.stream().anyMatch(line -> line.contains(text));
  }

  /** What the job itself says that is lost. Each of its processes counts from zero. */
  Account.Loss lossTold() {
    Account.Loss told = new Account.Loss(0, 0);
    Account.Loss ofProcess = told;
    for (String line : lines) {
      if (line.startsWith(Service.NOTE + "start")) {
        told = told.plus(ofProcess);
        ofProcess = new Account.Loss(0, 0);
      }
      Matcher matcher = LOSS.matcher(line);
      if (matcher.find()) {
        ofProcess = new Account.Loss(number(matcher.group(1)), number(matcher.group(2)));
      }
    }
    return told.plus(ofProcess);
  }

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }

  /** The sentences in the order in which they first came. */
  List<String> once() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, String> first = new LinkedHashMap<>();
    for (String line : lines) {
      if (line.isBlank() || line.startsWith(Service.NOTE + "start")) {
        continue;
      }
      boolean note = line.startsWith(Service.NOTE);
      String pattern = note ? line : NUMBER.matcher(line).replaceAll("#");
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
