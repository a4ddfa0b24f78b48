package io.tidecast.cli.broken;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mistake, and what is said about it; {@code cases.txt} says how they are written.
 *
 * @param arguments of the command; empty for those of {@code run} with the job file
 * @param job the job file
 * @param key that a line of what is said must name
 * @param remedy the same line must have these words too
 */
record BrokenCase(
    String name, List<String> arguments, String job, int exitCode, String key, String remedy) {

  private static final String WHOLE_FILE = "file:";
  private static final String GONE = "gone";

  private static final Map<String, String> SOUND =
      Map.of(
          "kafka", "{bootstrap-servers: \"KAFKA\"}",
          "source", "{topic: in}",
          "series", "{step: 30min}",
          "model", "{path: MODELS/patchtst-uk-demand/1}",
          "sink", "{topic: out}");

  /** Reads all of them. */
  static List<BrokenCase> all() throws IOException {
    List<BrokenCase> cases = new ArrayList<>();
    try (InputStream in =
            requireNonNull(BrokenCase.class.getResourceAsStream("cases.txt"), "cases.txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      String title = null;
      List<String> body = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("=== ")) {
          title = line.substring(4);
          body.clear();
        } else if (line.startsWith("--- ") && title != null) {
          cases.add(of(title, body, line.substring(4)));
          title = null;
        } else {
          body.add(line);
        }
      }
    }
    return cases;
  }

  private static BrokenCase of(String title, List<String> body, String expected) {
    String[] head = title.split(" \\| ", 2);
    String[] end = expected.split(" \\| ", 3);
    return new BrokenCase(
        head[0],
        head.length == 1 ? List.of() : List.of(head[1].split(" ", -1)),
        job(body),
        Integer.parseInt(end[0]),
        end[1],
        end[2]);
  }

  private static String job(List<String> body) {
    if (!body.isEmpty() && body.get(0).equals(WHOLE_FILE)) {
      return String.join("\n", body.subList(1, body.size()));
    }
    Map<String, String> sections = new LinkedHashMap<>(SOUND);
    for (String line : body) {
      int colon = line.indexOf(": ");
      sections.put(line.substring(0, colon), line.substring(colon + 2));
    }
    StringBuilder job = new StringBuilder();
    sections.forEach(
        (section, text) -> {
          if (!text.equals(GONE)) {
            job.append("%s: %s\n".formatted(section, text));
          }
        });
    return job.toString();
  }

  /** The same with the names that stand for what is made at run time. */
  BrokenCase with(Map<String, String> names) {
    return new BrokenCase(
        name,
        arguments.stream().map(argument -> replaced(argument, names)).toList(),
        replaced(job, names),
        exitCode,
        replaced(key, names),
        replaced(remedy, names));
  }

  private static String replaced(String text, Map<String, String> names) {
    String result = text;
    for (Map.Entry<String, String> one : names.entrySet()) {
      result = result.replace(one.getKey(), one.getValue());
    }
    return result;
  }

  @Override
  public String toString() {
    return name;
  }
}
