package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.process.Job;
import io.tidecast.benchmarks.process.ResidentMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A job that is given another version of its model again and again while it forecasts. */
final class SwapRun {

  /** Of the job file, for a job that can be told to take another version. */
  static final Map<String, String> KEYS =
      Map.of(
          "commands.topic", SwapTopics.COMMANDS,
          "commands.events-topic", SwapTopics.EVENTS,
          "sink.delivery", "at-least-once");

  /** A heap that is resident from the start, so that what grows is not the heap. */
  private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

  private static final long LOOK_MILLIS = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What is accepted in the first moments of the feed is not timed. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  private final PipelineStage stage;
  private final Plan plan;

  /**
   * What is done.
   *
   * @param versions folders of the one that the job begins with and of the other
   * @param first name of the one that it begins with
   * @param perSecond observations that are sent; empty for half of the forecasts that the job makes
   *     of those that are there when it starts
   * @param before how long nothing is swapped first
   * @param pause how long nothing is swapped after each swap
   */
  record Plan(
      List<Path> versions,
      String first,
      int swaps,
      OptionalDouble perSecond,
      Duration before,
      Duration pause) {}

  /**
   * What was found.
   *
   * @param sustained forecasts a second of the second half of what was there when the job started
   * @param perSecond observations that were to be sent
   * @param sentPerSecond observations that were sent, fewer where the feed could not keep up
   * @param residentKilobytes of the job after each swap, in their order
   */
  record Result(
      double sustained,
      double perSecond,
      double sentPerSecond,
      List<Swap> swaps,
      List<Long> residentKilobytes,
      SwapAccount account) {}

  SwapRun(PipelineStage stage, Plan plan) {
    this.stage = stage;
    this.plan = plan;
  }

  /**
   * Lets the job forecast all that there is, which warms it, and then swaps.
   *
   * @throws IOException if the job ends or does not follow a command
   */
  Result measure() throws Exception {
    PipelineStage.Output output = stage.output("forecasts");
    Workload workload = stage.setup().workload();
    try (Job job = stage.jobWithTopics(output, HEAP);
        CommittedForecasts committed = stage.committed(output)) {
      SwapLedger ledger = new SwapLedger(workload);
      FutureTask<SwapLedger> reading =
          new FutureTask<>(
              () -> {
                ledger.read(committed);
                return ledger;
              });
      job.start();
      job.leaveAlone();
      Thread reader = thread(reading, "reader of forecasts");
      try {
        Watch watch = new Watch(job, output, ledger, reading);
        double sustained = sustained(watch);
        double perSecond = plan.perSecond.orElse(sustained / 2);
        PacedFeed feed = stage.feed(PacedFeed.Pace.endless(perSecond));
        Thread feeding = thread(feed, "feed");
        long begin = System.nanoTime();
        List<Long> resident = new ArrayList<>();
        List<Swap> swaps;
        try {
          Thread.sleep(SETTLING.plus(plan.before).toMillis());
          swaps = swap(job, resident);
        } finally {
          feed.stop();
        }
        feeding.join();
        double sentPerSecond = feed.sent() * 1e9 / (System.nanoTime() - begin);
        // Those that do not come are lost, which the account tells.
        watch.reaches(workload.forecasts() + feed.sent());
        job.stop();
        ledger.stop();
        SwapAccount.Asked asked =
            new SwapAccount.Asked(
                workload,
                feed.sent(),
                feed.accepted(),
                plan.first,
                begin + SETTLING.toNanos(),
                swaps);
        return new Result(
            sustained,
            perSecond,
            sentPerSecond,
            swaps,
            resident,
            SwapAccount.of(asked, reading.get()));
      } finally {
        ledger.stop();
        reader.join();
      }
    }
  }

  private double sustained(Watch watch) throws Exception {
    long all = stage.setup().workload().forecasts();
    long half = watch.require(all / 2);
    long halfNanos = System.nanoTime();
    long more = watch.require(all) - half;
    if (more == 0 && plan.perSecond.isEmpty()) {
      throw new IOException(
          "must take long enough to be looked at more than once, or be given a rate: forecasts="
              + all);
    }
    return more * 1e9 / (System.nanoTime() - halfNanos);
  }

  private List<Swap> swap(Job job, List<Long> resident) throws IOException, InterruptedException {
    List<Swap> swaps = new ArrayList<>();
    try (SwapTopics topics = new SwapTopics(stage.bootstrapServers())) {
      for (int number = 1; number <= plan.swaps; number++) {
        Swap swap = topics.swap(plan.versions.get(number % plan.versions.size()));
        swaps.add(swap);
        long rest = Math.max(0, swap.endNanos() - System.nanoTime());
        Thread.sleep(Duration.ofNanos(rest).plus(plan.pause).toMillis());
        resident.add(ResidentMemory.kilobytes(job.process()));
      }
    }
    return swaps;
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Waits for forecasts as long as somebody makes and reads them. */
  private record Watch(
      Job job, PipelineStage.Output output, SwapLedger ledger, FutureTask<SwapLedger> reading) {

    long require(long expected) throws IOException, InterruptedException, ExecutionException {
      if (!reaches(expected)) {
        throw new IOException(
            "forecasts must arrive: expected=%d found=%d; last words of the job:%n%s"
                .formatted(expected, ledger.found(), output.lastWords()));
      }
      return ledger.found();
    }

    /** Returns whether there are so many in time. */
    boolean reaches(long expected) throws IOException, InterruptedException, ExecutionException {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (ledger.found() < expected) {
        if (reading.isDone()) {
          reading.get();
        }
        if (!job.isAlive()) {
          throw new IOException(
              "the job must not end; its last words:%n%s".formatted(output.lastWords()));
        }
        if (System.nanoTime() - deadline > 0) {
          return false;
        }
        Thread.sleep(LOOK_MILLIS);
      }
      return true;
    }
  }
}
