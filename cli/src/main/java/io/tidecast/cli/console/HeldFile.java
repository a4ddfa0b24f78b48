package io.tidecast.cli.console;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that one process alone holds, until it lets go or ends in whatever way: the system frees
 * the lock of a process that was killed. It tells processes of one machine apart; whether others
 * see the lock on a network file system is up to that.
 */
public final class HeldFile implements AutoCloseable {

  /**
   * What this JVM holds. It must not even open such a file a second time: with any close the system
   * would free the lock.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** Beyond every text, for some systems let nobody read what is locked. */
  private static final long LOCKED_BYTE = 1L << 30;

  private final Path key;
  private final FileChannel channel;

  private HeldFile(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * Takes hold of a file, which is made if it is not there; empty while somebody else holds it.
   *
   * @throws IOException if it cannot be written, or the file system has no locks
   */
  public static Optional<HeldFile> tryHold(Path file) throws IOException {
    return tryHold(key(file), file);
  }

  /** Makes a file that nobody ever sees without its holder. */
  public static HeldFile create(Path file) throws IOException {
    Path unseen = file.resolveSibling(file.getFileName() + ".new");
    HeldFile held =
        tryHold(key(file), unseen)
            .orElseThrow(() -> new IOException("file must be new: " + unseen));
    Files.move(unseen, file, StandardCopyOption.ATOMIC_MOVE);
    return held;
  }

  private static Optional<HeldFile> tryHold(Path key, Path file) throws IOException {
    if (!HELD.add(key)) {
      return Optional.empty();
    }
    Optional<HeldFile> held = Optional.empty();
    try {
      held = tryLock(key, file);
      return held;
    } finally {
      if (held.isEmpty()) {
        HELD.remove(key);
      }
    }
  }

  private static Optional<HeldFile> tryLock(Path key, Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock(LOCKED_BYTE, 1, false);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? Optional.empty() : Optional.of(new HeldFile(key, channel));
  }

  /** Says whether this JVM holds a file. */
  public static boolean isHeldHere(Path file) throws IOException {
    return HELD.contains(key(file));
  }

  /** Replaces the text of the file, for those who find it held. */
  public void write(String text) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    channel.force(true);
  }

  /** Reads the text of the file. */
  public String read() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    channel.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      HELD.remove(key);
    }
  }

  private static Path key(Path file) throws IOException {
    return file.toAbsolutePath().resolveSibling(".").toRealPath().resolve(file.getFileName());
  }
}
