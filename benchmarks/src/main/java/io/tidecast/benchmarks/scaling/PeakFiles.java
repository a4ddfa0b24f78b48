package io.tidecast.benchmarks.scaling;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Measures once a second what the files of a folder come to. Others add and delete meanwhile. */
final class PeakFiles implements AutoCloseable {

  private final Path folder;
  private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong most = new AtomicLong();

  /** Begins to measure; the folder need not be there yet. */
  PeakFiles(Path folder) {
    this.folder = folder;
    var unused = sampler.scheduleWithFixedDelay(this::sample, 0, 1, TimeUnit.SECONDS);
  }

  /** The most that they came to, bytes. */
  long most() {
    return most.get();
  }

  private void sample() {
    try {
      most.accumulateAndGet(bytes(folder), Math::max);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the files of a folder come to now. */
  static long bytes(Path folder) throws IOException {
    long[] bytes = {0};
    Set<Object> seen = new HashSet<>();
    if (Files.exists(folder)) {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              // A checkpoint links the files that it is about to copy: they are there once.
              if (attributes.fileKey() == null || seen.add(attributes.fileKey())) {
                bytes[0] += attributes.size();
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              // It was deleted after it was listed.
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path one, IOException failure) {
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return bytes[0];
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path one, IOException failure)
              throws IOException {
            Files.delete(one);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() {
    sampler.shutdownNow();
  }
}
