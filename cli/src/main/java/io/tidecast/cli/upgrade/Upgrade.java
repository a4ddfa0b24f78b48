package io.tidecast.cli.upgrade;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.CommandLines;
import io.tidecast.cli.console.Durations;
import io.tidecast.cli.console.Failures;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.upgrade.FlinkException.Kind;
import io.tidecast.cli.upgrade.FlinkJobs.Job;
import io.tidecast.cli.upgrade.FlinkJobs.Progress;
import io.tidecast.cli.upgrade.FlinkJobs.Savepoint;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stops a job (blue) with a savepoint, and starts another (green) from it. One thread uses it once.
 *
 * <p>Nothing is stopped before Flink has built green from its jar and its file, where it would
 * start it. What comes after can fail still: every message of it says where the savepoint is, and
 * how to come back.
 */
final class Upgrade {

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration TELL = Duration.ofSeconds(5);
  private static final Duration CANCEL = Duration.ofSeconds(60);

  private final FlinkRest rest;
  private final FlinkJobs flink;
  private final Wanted wanted;
  private final Talk talk;
  private final StopSignal signal;

  /** What is so now, for who is left with it. */
  private String standing = "Nothing was stopped.";

  /**
   * What is asked for.
   *
   * @param jar of green
   * @param arguments of its program
   * @param blue its id; null for the one that has the name of green
   * @param savepoint that green starts from, where blue has ended already; null to stop blue
   * @param savepointFolder null for that of Flink's configuration
   * @param jobName what the job file of this machine calls the job; null where there is none
   */
  record Wanted(
      Path jar,
      List<String> arguments,
      @Nullable String blue,
      @Nullable String savepoint,
      @Nullable String savepointFolder,
      @Nullable String jobName,
      boolean allowNonRestored,
      Duration patience) {}

  /**
   * How it talks to people.
   *
   * @param says is told a line
   * @param command to start this command again, up to what it starts from and with
   */
  record Talk(Consumer<String> says, String command) {}

  Upgrade(FlinkRest rest, Wanted wanted, Talk talk, StopSignal signal) {
    this.rest = rest;
    this.flink = new FlinkJobs(rest);
    this.wanted = wanted;
    this.talk = talk;
    this.signal = signal;
  }

  /** Is thrown where a person has stopped the command. */
  private static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Does it all, or with {@code dry} everything that changes nothing.
   *
   * @return whether it came to its end; false where a person has stopped it
   * @throws FlinkException if the new job refuses to start; nothing was stopped then
   * @throws CliException if something else comes in between; it says what is so then
   */
  boolean run(boolean dry) {
    say("Flink %s answers at %s.".formatted(flink.version(), rest.base()));
    String jar = upload();
    try {
      String name = plan(jar);
      Job blue = blue(name);
      if (dry) {
        tellDry(name, blue);
        return true;
      }
      goOnUnlessStopped();
      long beginNanos = System.nanoTime();
      String savepoint = blue == null ? given() : stop(blue);
      start(jar, savepoint, beginNanos);
      return true;
    } catch (StoppedException e) {
      say(standing);
      return false;
    } catch (FlinkException e) {
      if (e.kind() == Kind.JOB) {
        throw e;
      }
      throw new CliException("%s. %s".formatted(Failures.sentence(e.getMessage()), standing), e);
    } finally {
      remove(jar);
    }
  }

  private void goOnUnlessStopped() {
    if (signal.requested()) {
      throw new StoppedException();
    }
  }

  private String upload() {
    say("Uploading %s.".formatted(wanted.jar().getFileName()));
    try {
      return rest.upload(wanted.jar());
    } catch (FileNotFoundException e) {
      throw new CliException("--jar must be a readable file: " + wanted.jar(), e);
    } catch (FlinkException e) {
      if (e.kind() == Kind.UNKNOWN) {
        throw new CliException(
            "Flink must take jars: it has no /jars/upload; set web.submit.enable: true and start a session cluster, for one of application mode runs the jar of its image alone",
            e);
      }
      throw e;
    }
  }

  private void remove(String jar) {
    try {
      rest.delete("/jars/" + jar);
    } catch (FlinkException e) {
      say("The uploaded jar %s could not be deleted: %s".formatted(jar, e.getMessage()));
    }
  }

  /** Has Flink build green, and returns its name. */
  private String plan(String jar) {
    String name = flink.plan(jar, wanted.arguments());
    if (wanted.jobName() != null && !wanted.jobName().equals(name)) {
      throw new CliException(
          "the job file must be the same here and at the JobManager: job.name here is %s, there %s; copy %s to the JobManager, or leave out what is here with --no-check"
              .formatted(wanted.jobName(), name, wanted.arguments().get(1)));
    }
    say("The JobManager can start %s with this jar and this job file.".formatted(name));
    return name;
  }

  /** Finds the job to stop; null where there is none to stop, for its savepoint is there. */
  private @Nullable Job blue(String name) {
    List<Job> all = flink.all();
    List<Job> going =
        all.stream().filter(job -> job.name().equals(name) && !job.hasEnded()).toList();
    if (wanted.savepoint() != null) {
      if (!going.isEmpty()) {
        throw new CliException(
            "with --savepoint, no job of the name %s must run: %s does, and two would both answer; stop it first, or give --job-id in the place of --savepoint"
                .formatted(name, listed(going)));
      }
      return null;
    }
    Job blue = wanted.blue() == null ? only(going, name, all) : named(wanted.blue(), all);
    if (!blue.isRunning()) {
      throw new CliException(
          "the job to upgrade must be running: %s is %s; %s"
              .formatted(
                  blue.id(),
                  blue.state(),
                  blue.hasEnded()
                      ? "give the savepoint or the checkpoint that it left as --savepoint, in the place of --job-id"
                      : "wait until it is, or see in its log why it is not"));
    }
    going.stream()
        .filter(job -> !job.id().equals(blue.id()))
        .forEach(
            job ->
                say("Another job of this name is there, and stays as it is: %s.".formatted(job)));
    return blue;
  }

  private static Job only(List<Job> going, String name, List<Job> all) {
    if (going.isEmpty()) {
      List<Job> others = all.stream().filter(job -> !job.hasEnded()).toList();
      throw new CliException(
          "a job of the name %s must run, to be upgraded: %s; name it with --job-id, or give --savepoint where it has ended"
              .formatted(name, others.isEmpty() ? "none runs" : "these run: " + listed(others)));
    }
    if (going.size() > 1) {
      throw new CliException(
          "one job of the name %s must run: %s do; say which with --job-id"
              .formatted(name, listed(going)));
    }
    return going.get(0);
  }

  private static Job named(String id, List<Job> all) {
    return all.stream()
        .filter(job -> job.id().equals(id))
        .findAny()
        .orElseThrow(
            () ->
                new CliException(
                    "--job-id must be a job that Flink knows: %s is none, it knows %s"
                        .formatted(id, all.isEmpty() ? "no job" : listed(all))));
  }

  private static String listed(List<Job> jobs) {
    return jobs.stream().map(Job::toString).collect(Collectors.joining(", "));
  }

  private void tellDry(String name, @Nullable Job blue) {
    say(
        blue == null
            ? "Would start %s from %s.".formatted(name, given())
            : "Would stop %s with a savepoint %s, and start %s from it."
                .formatted(
                    blue,
                    wanted.savepointFolder() == null
                        ? "in Flink's execution.checkpointing.savepoint-dir"
                        : "in " + wanted.savepointFolder(),
                    name));
    say("Nothing was stopped.");
  }

  private String given() {
    return String.valueOf(wanted.savepoint());
  }

  /** Stops blue, and returns where its savepoint is. */
  private String stop(Job blue) {
    say("Stopping %s with a savepoint.".formatted(blue));
    standing =
        "Whether %s is being stopped is not known: look at %s/jobs/%s."
            .formatted(blue.id(), rest.base(), blue.id());
    String request = begin(blue);
    standing =
        "The savepoint of %s is under way, and the job stops when it is complete: %s/jobs/%s/savepoints/%s says when, and where it is. Then go on with: %s"
            .formatted(blue.id(), rest.base(), blue.id(), request, again("SAVEPOINT"));
    Savepoint savepoint =
        await(() -> flink.savepoint(blue.id(), request))
            .orElseThrow(
                () ->
                    new CliException(
                        "the savepoint must be complete within --wait=%s. %s"
                            .formatted(Durations.rounded(wanted.patience()), standing)));
    if (savepoint.place() == null) {
      throw failed(blue, String.valueOf(savepoint.failure()));
    }
    say("Savepoint: " + savepoint.place());
    return savepoint.place();
  }

  /** Begins to stop blue, and returns by which request. */
  private String begin(Job blue) {
    try {
      return flink.stop(blue.id(), wanted.savepointFolder());
    } catch (FlinkException e) {
      if (e.kind() == Kind.AWAY) {
        throw e;
      }
      throw new CliException(
          "the job must stop with a savepoint: %s; it goes on, and nothing was changed%s"
              .formatted(
                  Failures.sentence(e.getMessage()),
                  e.getMessage().contains("savepoint-dir")
                      ? ". --savepoint-dir says where savepoints go, where Flink's configuration does not"
                      : ""),
          e);
    }
  }

  /** The command that goes on from a savepoint with the jar and the job file of this one. */
  private String again(String savepoint) {
    return again(savepoint, wanted.jar().toString(), wanted.arguments().get(1));
  }

  private String again(String savepoint, String jar, String config) {
    return "%s %s"
        .formatted(
            talk.command(),
            CommandLines.typed(
                List.of("--savepoint", savepoint, "--jar", jar, "--config", config)));
  }

  private CliException failed(Job blue, String why) {
    String state = flink.progress(blue.id()).state();
    return new CliException(
        "the savepoint of %s must be written: %s; the job is %s, and nothing else was changed"
            .formatted(blue.id(), why, state));
  }

  private interface Look<T> {
    Optional<T> look();
  }

  /** Looks until there is something, and says now and then that there is not. */
  private Optional<Savepoint> await(Look<Savepoint> look) {
    long begin = System.nanoTime();
    long told = begin;
    while (System.nanoTime() - begin < wanted.patience().toNanos()) {
      Optional<Savepoint> found = patiently(look);
      if (found.isPresent()) {
        return found;
      }
      if (System.nanoTime() - told > TELL.toNanos()) {
        told = System.nanoTime();
        say("  under way for " + since(begin));
      }
      pause();
    }
    return Optional.empty();
  }

  private void pause() {
    if (signal.await(LOOK)) {
      throw new StoppedException();
    }
  }

  /** A JobManager that is away may come back, or another one in its place. */
  private static <T> Optional<T> patiently(Look<T> look) {
    try {
      return look.look();
    } catch (FlinkException e) {
      if (e.kind() == Kind.AWAY) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Starts green, and returns when it has committed. */
  private void start(String jar, String savepoint, long beginNanos) {
    String green = UUID.randomUUID().toString().replace("-", "");
    say("Starting %s from it.".formatted(green));
    standing =
        "The old job has ended, and its savepoint is %s. The new one is %s, if it has begun: %s shows it. Where no job runs, this goes on: %s"
            .formatted(savepoint, green, rest.base(), again(savepoint));
    goOnUnlessStopped();
    try {
      flink.run(
          jar,
          wanted.arguments(),
          new FlinkJobs.Start(green, savepoint, wanted.allowNonRestored()));
    } catch (FlinkException e) {
      if (e.kind() != Kind.AWAY) {
        throw new CliException(
            "the job must start: %s. %s"
                .formatted(Failures.sentence(e.getMessage()), backSentence(savepoint)),
            e);
      }
      say("  " + e.getMessage());
    }
    if (!awaitCommit(green)) {
      giveUp(green, savepoint);
    }
    say(
        "Done: %s runs, and its first checkpoint is complete %s after %s. The savepoint stays: %s"
            .formatted(
                green,
                since(beginNanos),
                wanted.savepoint() == null ? "the old one was told to stop" : "its start",
                savepoint));
  }

  /** Says whether a job has come so far that it has committed something. */
  private boolean awaitCommit(String green) {
    long begin = System.nanoTime();
    long told = begin;
    boolean asked = false;
    while (System.nanoTime() - begin < wanted.patience().toNanos()) {
      Optional<Progress> found = patiently(() -> known(green));
      if (found.isPresent()) {
        Progress progress = found.get();
        if (progress.isDone()) {
          return true;
        }
        if (progress.hasEnded()) {
          return false;
        }
        if (progress.isRunning()) {
          if (patiently(() -> Optional.of(flink.checkpoints(green))).orElse(0) > 0) {
            return true;
          }
          asked = asked || ask(green);
        }
        if (System.nanoTime() - told > TELL.toNanos()) {
          told = System.nanoTime();
          say(
              "  %s, %d of %d tasks run, for %s"
                  .formatted(progress.state(), progress.busy(), progress.tasks(), since(begin)));
        }
      }
      pause();
    }
    return false;
  }

  /** A job that was just submitted is not known at once. */
  private Optional<Progress> known(String job) {
    try {
      return Optional.of(flink.progress(job));
    } catch (FlinkException e) {
      if (e.kind() == Kind.UNKNOWN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Another checkpoint may be under way, which will do as well. */
  private boolean ask(String job) {
    try {
      flink.takeCheckpoint(job);
    } catch (FlinkException e) {
      say("  " + e.getMessage());
    }
    return true;
  }

  /** Ends a job that did not come so far, and says how to come back. */
  private void giveUp(String green, String savepoint) {
    Optional<Progress> last = patiently(() -> known(green));
    Optional<String> cause = patiently(() -> flink.failure(green));
    String state = last.map(Progress::state).orElse("not known to Flink");
    if (last.isPresent() && !last.get().hasEnded()) {
      say("Cancelling %s, which is %s.".formatted(green, state));
      cancel(green);
    }
    boolean committed = patiently(() -> Optional.of(flink.checkpoints(green))).orElse(0) > 0;
    throw new CliException(
        "the new job must run and complete a checkpoint within --wait=%s: %s was %s%s. %s%s"
            .formatted(
                Durations.rounded(wanted.patience()),
                green,
                state,
                cause.map(why -> ": " + Failures.sentence(why)).orElse(""),
                committed
                    ? "It has committed forecasts before it ended; the old one will make those again, with the same series, origin and values. "
                    : "",
                backSentence(savepoint)));
  }

  private void cancel(String green) {
    long begin = System.nanoTime();
    flink.cancel(green);
    while (System.nanoTime() - begin < CANCEL.toNanos()) {
      if (patiently(() -> known(green)).map(Progress::hasEnded).orElse(false)) {
        return;
      }
      if (signal.await(LOOK)) {
        break;
      }
    }
    say("%s has not ended yet: see that it does before the old job starts.".formatted(green));
  }

  /** Says how to start the old version again. */
  private String backSentence(String savepoint) {
    return "No job runs now. The savepoint of the old one is %s. To go back, name its jar and its job file in this command: %s"
        .formatted(savepoint, again(savepoint, "OLD_JAR", "OLD_CONFIG"));
  }

  private static String since(long nanos) {
    return Durations.rounded(Duration.ofNanos(System.nanoTime() - nanos));
  }

  private void say(String line) {
    talk.says().accept(line);
  }
}
