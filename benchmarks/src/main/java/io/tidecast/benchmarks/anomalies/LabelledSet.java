package io.tidecast.benchmarks.anomalies;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A series of the Numenta Anomaly Benchmark with the windows in which people saw something: a row
 * of its file is a cell.
 *
 * @param values {@code [cell]}
 * @param windows first and last cell of each
 * @param day cells of a day, by the usual distance of two rows
 */
record LabelledSet(String title, double[] values, List<Window> windows, int day) {

  private static final String LABELS = "combined_windows.json";

  /** Nothing that is found in the first part of a series counts, as in NAB itself. */
  private static final double PROBATION = 0.15;

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final int TIME_LENGTH = 19;

  /**
   * A labelled window.
   *
   * @param first cell in it
   * @param last cell in it
   */
  record Window(int first, int last) {

    boolean holds(int cell) {
      return cell >= first && cell <= last;
    }
  }

  /** The first cell that counts. */
  int firstCounted() {
    return (int) (PROBATION * values.length);
  }

  boolean isLabelled(int cell) {
    return windows.stream().anyMatch(window -> window.holds(cell));
  }

  /** How many cells that count lie outside of the windows. */
  int outside() {
    int outside = 0;
    for (int cell = firstCounted(); cell < values.length; cell++) {
      outside += isLabelled(cell) ? 0 : 1;
    }
    return outside;
  }

  /**
   * Reads the sets of a folder that have labels.
   *
   * @throws IOException if there are none, or a file cannot be read
   */
  static List<LabelledSet> read(Path folder) throws IOException {
    JsonNode labels;
    try (Stream<Path> files = Files.walk(folder)) {
      Path file =
          files
              .filter(path -> path.endsWith(LABELS))
              .findFirst()
              .orElseThrow(() -> new IOException("must hold " + LABELS + ": DATA=" + folder));
      labels = new ObjectMapper().readTree(file.toFile());
    }
    List<LabelledSet> sets = new ArrayList<>();
    for (Map.Entry<String, JsonNode> one : labels.properties()) {
      Path name = Path.of(one.getKey()).getFileName();
      try (Stream<Path> files = Files.walk(folder)) {
        Path found = files.filter(path -> path.endsWith(name)).findFirst().orElse(null);
        if (found != null) {
          sets.add(read(found, one.getValue()));
        }
      }
    }
    if (sets.isEmpty()) {
      throw new IOException("must hold a file that " + LABELS + " names: DATA=" + folder);
    }
    return sets;
  }

  private static LabelledSet read(Path file, JsonNode labels) throws IOException {
    List<String> lines = Files.readAllLines(file);
    int cells = lines.size() - 1;
    double[] values = new double[cells];
    LocalDateTime[] times = new LocalDateTime[cells];
    for (int cell = 0; cell < cells; cell++) {
      String[] fields = lines.get(cell + 1).split(",", -1);
      times[cell] = time(fields[0]);
      values[cell] = Double.parseDouble(fields[1]);
    }
    List<Window> windows = new ArrayList<>();
    for (JsonNode label : labels) {
      windows.add(window(times, time(label.get(0).asText()), time(label.get(1).asText())));
    }
    return new LabelledSet(
        String.valueOf(file.getFileName()).replace(".csv", ""), values, windows, day(times));
  }

  private static LocalDateTime time(String text) {
    return LocalDateTime.parse(text.substring(0, TIME_LENGTH), TIME);
  }

  private static Window window(LocalDateTime[] times, LocalDateTime from, LocalDateTime to) {
    int first = 0;
    while (first < times.length && times[first].isBefore(from)) {
      first++;
    }
    int last = times.length - 1;
    while (last >= 0 && times[last].isAfter(to)) {
      last--;
    }
    return new Window(first, last);
  }

  private static int day(LocalDateTime[] times) {
    long[] steps = new long[times.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Duration.between(times[i], times[i + 1]).toSeconds();
    }
    Arrays.sort(steps);
    return (int) (Duration.ofDays(1).toSeconds() / steps[steps.length / 2]);
  }
}
