package io.tidecast.cli.embedded;

import io.tidecast.cli.console.HeldFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A folder under {@code java.io.tmpdir} that is deleted with everything in it at close. What a
 * process left that was killed, the first folder of a later one deletes.
 */
public final class TemporaryFolder implements AutoCloseable {
  private static final int DELETE_ATTEMPTS = 5;

  /** Begins the names of all of them. */
  private static final String PREFIX = "tidecast-";

  /** Is in each of them, held by the process that made it. */
  private static final String OWNER = "owner";

  private static final AtomicBoolean SWEPT = new AtomicBoolean();

  private final Path path;
  private final HeldFile owner;

  /**
   * Makes a new folder.
   *
   * @param what it is for, a part of its name
   */
  public TemporaryFolder(String what) {
    try {
      this.path = Files.createTempDirectory(PREFIX + what + "-");
      this.owner = HeldFile.create(path.resolve(OWNER));
    } catch (IOException e) {
      throw new UncheckedIOException("a writable java.io.tmpdir is needed: " + e.getMessage(), e);
    }
    if (!SWEPT.getAndSet(true)) {
      sweep();
    }
  }

  /** Returns the folder itself. */
  public Path path() {
    return path;
  }

  /** Deletes the folders beside this one whose processes have ended. */
  void sweep() {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(path.toAbsolutePath().getParent(), PREFIX + "*")) {
      for (Path other : all) {
        sweep(other);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // They take room, and nothing else.
    }
  }

  private void sweep(Path other) {
    Path holder = other.resolve(OWNER);
    try {
      if (Files.isRegularFile(holder, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(path))) {
        Optional<HeldFile> ended = HeldFile.tryHold(holder);
        if (ended.isPresent()) {
          delete(other);
          ended.get().close();
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // The next start tries again.
    }
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
    try {
      owner.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Deletes a folder with everything in it, the file of its owner last, so that what is left of a
   * folder can still be found; follows no link.
   */
  public static void delete(Path folder) {
    for (int attempt = 1; Files.exists(folder); attempt++) {
      try {
        Files.walkFileTree(folder, new Deletion(folder));
      } catch (IOException e) {
        // A thread that is still on its way out may write a last file while we delete.
        if (attempt == DELETE_ATTEMPTS) {
          throw new UncheckedIOException("could not delete the folder " + folder, e);
        }
      }
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Path owner;

    private Deletion(Path root) {
      this.root = root;
      this.owner = root.resolve(OWNER);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!file.equals(owner)) {
        Files.deleteIfExists(file);
      }
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
      if (folder.equals(root)) {
        Files.deleteIfExists(owner);
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
