package io.tidecast.deployment;

import java.nio.file.FileSystems;
import java.nio.file.Path;

/** .dockerignore, which names what an engine may have of the repository. */
final class DockerIgnore {
  private DockerIgnore() {}

  /** Whether an engine may have a file or folder. */
  static boolean lets(String source) {
    return Repository.text(".dockerignore")
        .lines()
        .filter(line -> line.startsWith("!"))
        .map(line -> line.substring(1))
        .anyMatch(
            pattern ->
                pattern.equals(source)
                    || FileSystems.getDefault()
                        .getPathMatcher("glob:" + pattern)
                        .matches(Path.of(source)));
  }
}
