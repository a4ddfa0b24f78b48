package io.tidecast.cli.console;

import io.tidecast.runtime.manifest.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Files and folders that someone named on the command line. */
public final class GivenFiles {
  private GivenFiles() {}

  /**
   * Reads the bytes of a file.
   *
   * @throws ModelException if it is not there, a folder, or can't be read
   */
  public static byte[] read(String option, Path file) {
    requireFile(option, file);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ModelException(option + " must be a readable file: " + file, e);
    }
  }

  /**
   * @throws ModelException if it is not there or a folder
   */
  public static void requireFile(String option, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          option
              + " must be a file: "
              + file
              + (Files.isDirectory(file) ? " is a folder" : " is not there"));
    }
  }

  /**
   * Asks for a folder that is still to be filled, before there is anything to fill it with.
   *
   * @throws ModelException if there is something in it, or it can't be made
   */
  public static void requireEmptyFolder(String option, Path folder) throws IOException {
    Path there = folder.toAbsolutePath().normalize();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new ModelException(
          option + " must be a folder that can be written: " + folder + ": look at " + there);
    }
    if (Files.isDirectory(folder)) {
      try (Stream<Path> content = Files.list(folder)) {
        if (content.findAny().isPresent()) {
          throw new ModelException(
              option + " must be an empty or a new folder: " + folder + " has something in it");
        }
      }
    }
  }
}
