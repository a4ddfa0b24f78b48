package io.tidecast.cli.size;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The memory of this process that the machine has given it. */
final class ResidentMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String KEY = "RssAnon:";
  private static final int KIBIBYTE = 1024;

  private ResidentMemory() {}

  /** The bytes of it, files left out; empty where the system does not tell. */
  static OptionalLong bytes() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(KEY))
          .mapToLong(line -> KIBIBYTE * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
