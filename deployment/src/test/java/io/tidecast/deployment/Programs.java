package io.tidecast.deployment;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of this machine that a test runs. */
final class Programs {
  private Programs() {}

  /**
   * The test is skipped, and says so, where there is no such program.
   *
   * @param remedy what has it, in a sentence's part
   */
  static void assume(String program, String remedy) {
    boolean isHere =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    assumeTrue(isHere, program + " is not here, so this was not tested; " + remedy);
  }
}
