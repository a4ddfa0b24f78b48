package io.tidecast.flink.source.csv;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.csv.CsvLine;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of a job, and what their first lines say. */
public final class CsvFiles {

  private CsvFiles() {}

  /**
   * The files that are named, and those of the folders that are, by name.
   *
   * @param problems gains a sentence for each file that cannot be read or has not the columns of
   *     the mapping
   */
  public static List<Path> of(SourceFormat.Csv csv, List<String> problems) {
    Set<Path> files = new HashSet<>();
    List<Path> ordered = new ArrayList<>();
    for (String name : csv.files()) {
      for (Path file : files(name, problems)) {
        if (files.add(file)) {
          ordered.add(file);
          check(file, csv.mapping(), problems);
        }
      }
    }
    return ordered;
  }

  private static List<Path> files(String name, List<String> problems) {
    try {
      Path path = Path.of(name).toAbsolutePath().normalize();
      if (!Files.isDirectory(path)) {
        return List.of(path);
      }
      try (Stream<Path> children = Files.list(path)) {
        List<Path> found =
            children
                .filter(child -> child.toString().endsWith(FieldPath.FILE_SUFFIX))
                .sorted()
                .toList();
        if (found.isEmpty()) {
          problems.add(
              "must hold files that end with %s: source.files=%s"
                  .formatted(FieldPath.FILE_SUFFIX, name));
        }
        return found;
      }
    } catch (IOException | UncheckedIOException | InvalidPathException e) {
      problems.add("must be readable: source.files=%s".formatted(name));
      return List.of();
    }
  }

  private static void check(Path file, Mapping mapping, List<String> problems) {
    try {
      List<String> columns = columns(file);
      if (new HashSet<>(columns).size() < columns.size()) {
        problems.add(
            "must name each column once: the first line of source.files=%s is %s"
                .formatted(file, String.join(",", columns)));
        return;
      }
      mapping
          .fields()
          .filter(field -> field.place() == FieldPath.Place.VALUE)
          .filter(
              field -> field.steps().size() != 1 || !columns.contains(field.steps().get(0).name()))
          .forEach(
              field ->
                  problems.add(
                      "must be a column of source.files=%s: source.mapping has %s; the columns are %s"
                          .formatted(file, field, String.join(", ", columns))));
    } catch (IOException e) {
      problems.add("must be a readable file: source.files=%s".formatted(file));
    } catch (RefusedException e) {
      problems.add(
          "must begin with the names of the columns: source.files=%s: %s"
              .formatted(file, e.getMessage()));
    }
  }

  /**
   * What the first line of a file says.
   *
   * @throws RefusedException if it is no line of CSV
   */
  static List<String> columns(Path file) throws IOException, RefusedException {
    try (CsvLines lines = new CsvLines(file, 0, 0)) {
      byte[] first = lines.next();
      return CsvLine.fields(first == null ? new byte[0] : first);
    }
  }
}
