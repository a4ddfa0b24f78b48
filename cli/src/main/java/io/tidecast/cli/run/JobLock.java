package io.tidecast.cli.run;

import io.tidecast.cli.console.HeldFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says that a job is this process's. Two processes of one job would claim each other's checkpoints
 * and fence each other's transactions. The system frees the lock when the process ends, in whatever
 * way.
 */
final class JobLock implements AutoCloseable {

  private static final String FILE = "lock";

  private final HeldFile file;
  private final Optional<Holder> former;

  private JobLock(HeldFile file, Optional<Holder> former) {
    this.file = file;
    this.former = former;
  }

  /**
   * A process that has a job.
   *
   * @param since when it took it
   */
  record Holder(long pid, String host, String since) {

    private static final Pattern TEXT =
        Pattern.compile("process (\\d+) on (\\S+) since (\\S+)\\s*");

    private static Holder self(Instant now) {
      return new Holder(
          ProcessHandle.current().pid(),
          localHost(),
          now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static Optional<Holder> parse(String text) {
      Matcher matcher = TEXT.matcher(text);
      return matcher.matches()
          ? Optional.of(
              new Holder(Long.parseLong(matcher.group(1)), matcher.group(2), matcher.group(3)))
          : Optional.empty();
    }

    private static String localHost() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "unknown";
      }
    }

    /** Says whether it is, or was, a process of another machine. */
    boolean isElsewhere() {
      return !host.equals(localHost());
    }

    @Override
    public String toString() {
      return "process %d on %s since %s".formatted(pid, host, since);
    }
  }

  /**
   * Takes the job; empty while another process has it.
   *
   * @throws IOException if the folder cannot be written, or its file system has no locks
   */
  static Optional<JobLock> take(Path folder, Instant now) throws IOException {
    Optional<HeldFile> held = HeldFile.tryHold(folder.resolve(FILE));
    if (held.isEmpty()) {
      return Optional.empty();
    }
    JobLock lock = null;
    try {
      Optional<Holder> former = Holder.parse(held.get().read());
      held.get().write(Holder.self(now) + "\n");
      lock = new JobLock(held.get(), former);
      return Optional.of(lock);
    } finally {
      if (lock == null) {
        held.get().close();
      }
    }
  }

  /** Says which process has the job; empty if it does not say. */
  static Optional<Holder> holder(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    return HeldFile.isHeldHere(file)
        ? Optional.of(Holder.self(Instant.now()))
        : Holder.parse(Files.readString(file));
  }

  /** The process that had the job before and did not give it back: it was killed, or still runs. */
  Optional<Holder> former() {
    return former;
  }

  /** Gives the job back. */
  @Override
  public void close() {
    try (HeldFile given = file) {
      given.write("");
    } catch (IOException e) {
      // The lock ends with the process.
    }
  }
}
