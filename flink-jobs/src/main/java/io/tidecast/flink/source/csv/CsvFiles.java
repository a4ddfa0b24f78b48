package io.tidecast.flink.source.csv;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.field.CsvNames;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.Mapping.Named;
import io.tidecast.flink.format.field.Mapping.Wide;
import io.tidecast.runtime.csv.CsvException;
import io.tidecast.runtime.csv.CsvLayout;
import io.tidecast.runtime.csv.CsvWanted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The files of a job, and what their first lines say. One thread. */
public final class CsvFiles {

  /** A notice names so many files, and counts the others. */
  private static final int NAMED = 3;

  private final SourceFormat.Csv csv;
  private final List<String> problems = new ArrayList<>();
  private final Set<Path> files = new LinkedHashSet<>();

  /** What is to be said, of which files. */
  private final Map<String, List<Path>> said = new LinkedHashMap<>();

  private CsvFiles(SourceFormat.Csv csv) {
    this.csv = csv;
  }

  /** Finds the files that are named, and those of the folders that are, by name. */
  public static CsvFiles of(SourceFormat.Csv csv) {
    CsvFiles found = new CsvFiles(csv);
    for (String name : csv.files()) {
      for (Path file : found.files(name)) {
        if (found.files.add(file)) {
          found.check(file);
        }
      }
    }
    return found;
  }

  /** Returns the files in their order. */
  public List<Path> files() {
    return List.copyOf(files);
  }

  /**
   * Returns a sentence for each file that cannot be read, is not understood or has not the columns
   * of the mapping.
   */
  public List<String> problems() {
    return Collections.unmodifiableList(problems);
  }

  /** Returns how the files are read, and what of it may not be what was meant; a sentence each. */
  public List<String> notices() {
    List<String> notices = new ArrayList<>();
    said.forEach(
        (sentence, ofFiles) -> {
          List<String> names =
              new ArrayList<>(ofFiles.stream().limit(NAMED).map(Path::toString).toList());
          if (ofFiles.size() > NAMED) {
            names.add("%d more".formatted(ofFiles.size() - NAMED));
          }
          notices.add("source.files=%s: %s".formatted(String.join(", ", names), sentence));
        });
    return notices;
  }

  /** What a mapping wants of a file. */
  static CsvWanted wanted(Mapping mapping) {
    return new CsvWanted(
        columns(mapping.fields().toList()),
        columns(mapping.time().paths()),
        columns(
            mapping.values() instanceof Named named
                ? named.values()
                : ((Wide) mapping.values()).paths()),
        mapping.spelling().decimal(),
        mapping.spelling().thousands(),
        mapping.spelling().missing());
  }

  private static List<String> columns(List<FieldPath> paths) {
    return paths.stream()
        .filter(path -> path.place() == FieldPath.Place.VALUE)
        .map(FieldPath::column)
        .distinct()
        .toList();
  }

  private List<Path> files(String name) {
    try {
      Path path = Path.of(name).toAbsolutePath().normalize();
      if (!Files.isDirectory(path)) {
        return List.of(path);
      }
      try (Stream<Path> children = Files.list(path)) {
        List<Path> found = children.filter(CsvNames::isCsv).sorted().toList();
        if (found.isEmpty()) {
          problems.add(
              "must hold files that end with %s: source.files=%s"
                  .formatted(CsvNames.ENDINGS, name));
        }
        checkOnce(found);
        return found;
      }
    } catch (IOException | UncheckedIOException | InvalidPathException e) {
      problems.add("must be readable: source.files=%s".formatted(name));
      return List.of();
    }
  }

  /** Refuses a file beside the same one packed, which would be read twice. */
  private void checkOnce(List<Path> ofFolder) {
    Map<String, Path> byName = new HashMap<>();
    for (Path file : ofFolder) {
      Path other = byName.putIfAbsent(CsvNames.withoutEnding(file), file);
      if (other != null) {
        problems.add(
            "must hold files whose names differ before their endings: source.files=%s has %s and %s; name one of them"
                .formatted(file.getParent(), other.getFileName(), file.getFileName()));
      }
    }
  }

  private void check(Path file) {
    try {
      CsvWanted wanted = wanted(csv.mapping());
      CsvLayout layout = CsvLayout.of(file, csv.options(), wanted);
      boolean good = true;
      for (String column : wanted.columns()) {
        good &= checkColumn(file, layout, column);
      }
      if (good) {
        say(layout.described(), file);
        String order = FileOrder.of(file, layout, csv);
        if (order != null) {
          say(order, file);
        }
      }
    } catch (IOException e) {
      problems.add("must be a readable file: source.files=%s".formatted(file));
    } catch (CsvException e) {
      problems.add("%s; source.files=%s".formatted(e.getMessage(), file));
    }
  }

  private boolean checkColumn(Path file, CsvLayout layout, String column) {
    int times = Collections.frequency(layout.columns(), column);
    if (times == 1) {
      return true;
    }
    problems.add(
        "must be a column of source.files=%s: source.mapping has %s%s; the columns are %s, %s"
            .formatted(
                file,
                column,
                times > 1 ? ", which is the name of %d columns".formatted(times) : "",
                String.join(", ", layout.columns()),
                layout.described()));
    return false;
  }

  private void say(String sentence, Path file) {
    said.computeIfAbsent(sentence, none -> new ArrayList<>()).add(file);
  }
}
