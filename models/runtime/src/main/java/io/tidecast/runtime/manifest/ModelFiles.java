package io.tidecast.runtime.manifest;

import io.tidecast.graph.GraphLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Reads the files of a model: regular ones alone, none that is a link out of the folder, and none
 * that is larger than it may be, which is found out before a byte is read.
 */
public final class ModelFiles {

  private ModelFiles() {}

  /**
   * Reads a file of a model's folder.
   *
   * @param most bytes that it may have
   * @param reason why no more, in the words of a message
   * @throws ModelException if it is not there, is no file, leads out of its folder or is too large
   */
  public static byte[] read(Path file, long most, String reason) {
    try {
      Path real = within(file);
      try (SeekableByteChannel channel =
          Files.newByteChannel(real, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
        long size = channel.size();
        requireAtMost(most, reason, file.toString(), size);
        return bytes(channel, (int) size, file);
      }
    } catch (IOException e) {
      throw new ModelException("must be a readable file: " + file, e);
    }
  }

  /**
   * Requires of a file that is elsewhere that it is no larger than any file of a model may be.
   *
   * @param bytes that it has
   * @throws ModelException if it is
   */
  public static void requireFits(String file, long bytes) {
    requireAtMost(GraphLimits.mostBytes(), GraphLimits.reason(), file, bytes);
  }

  private static void requireAtMost(long most, String reason, String file, long bytes) {
    if (bytes > most) {
      throw new ModelException(
          "must have at most %s, %s: %s has %s"
              .formatted(GraphLimits.megabytes(most), reason, file, GraphLimits.megabytes(bytes)));
    }
  }

  /** What is written to the file while it is read is not waited for. */
  private static byte[] bytes(SeekableByteChannel channel, int size, Path file) throws IOException {
    // The stream belongs to the channel, which its caller closes.
    InputStream in = Channels.newInputStream(channel);
    byte[] bytes = in.readNBytes(size);
    if (bytes.length != size) {
      throw new ModelException("must not be cut while it is read: " + file);
    }
    return bytes;
  }

  /** Says how many bytes a file has; its content is not opened. */
  public static long size(Path file) {
    try {
      return Files.size(within(file));
    } catch (IOException e) {
      throw new ModelException("must be a readable file: " + file, e);
    }
  }

  /** Finds where a file really is, which is in its folder: links may lead about in there only. */
  private static Path within(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null) {
      throw new NoSuchFileException(file.toString());
    }
    Path real = absolute.toRealPath();
    if (!real.startsWith(folder.toRealPath())) {
      throw new ModelException(
          "must not be a link out of its folder: " + file + ": put the file itself there");
    }
    // Opening a pipe would wait for ever.
    if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(file.toString(), null, "is no regular file");
    }
    return real;
  }
}
