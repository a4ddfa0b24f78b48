package io.tidecast.cli.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A folder under {@code java.io.tmpdir} that is deleted with everything in it at close. */
public final class TemporaryFolder implements AutoCloseable {
  private static final int DELETE_ATTEMPTS = 5;

  private final Path path;

  TemporaryFolder(String prefix) {
    try {
      this.path = Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException("a writable java.io.tmpdir is needed: " + e.getMessage(), e);
    }
  }

  Path path() {
    return path;
  }

  /** A folder in it, created if it is not there yet. */
  Path resolve(String child) {
    try {
      return Files.createDirectories(path.resolve(child));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    delete(path);
  }

  /** Deletes a folder with everything in it; follows no link. */
  public static void delete(Path folder) {
    for (int attempt = 1; Files.exists(folder); attempt++) {
      try {
        Files.walkFileTree(folder, new Deletion());
      } catch (IOException e) {
        // A thread that is still on its way out may write a last file while we delete.
        if (attempt == DELETE_ATTEMPTS) {
          throw new UncheckedIOException("could not delete the temporary folder " + folder, e);
        }
      }
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
