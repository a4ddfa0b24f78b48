package io.tidecast.benchmarks.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A disk in memory that is soon full, mounted over a folder until it is closed or this JVM ends.
 * That takes the right to mount.
 */
final class SmallDisk implements AutoCloseable {

  private static final int BLOCK_BYTES = 4096;

  private final Path folder;
  private final AtomicBoolean mounted = new AtomicBoolean(true);

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  static SmallDisk mount(Path folder, int megabytes) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    command("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
    SmallDisk disk = new SmallDisk(folder);
    Runtime.getRuntime().addShutdownHook(new Thread(disk::close, "unmounter"));
    return disk;
  }

  /** Fills the disk to the last block; returns the file to delete. */
  Path fill() throws IOException {
    Path filler = folder.resolve("filler");
    byte[] block = new byte[BLOCK_BYTES];
    try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE_NEW)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      if (Files.size(filler) < BLOCK_BYTES) {
        throw full;
      }
      return filler;
    }
  }

  private static void command(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("could not %s: %s".formatted(String.join(" ", words), said.strip()));
    }
  }

  @Override
  public void close() {
    if (!mounted.getAndSet(false)) {
      return;
    }
    try {
      // Lazily: a process that is being killed may still have a file open.
      command("umount", "--lazy", folder.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
