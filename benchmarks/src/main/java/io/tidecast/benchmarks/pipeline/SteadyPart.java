package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.process.ChildProcess;
import io.tidecast.benchmarks.process.ProcessorTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job and its broker took for the records of the steady part of a run: once the compilers of
 * the job have come to rest, and before the end, when there is less and less to do.
 *
 * @param records that were written in it
 * @param warmRecords that were written before it
 * @param warmNanos its begin, from when the job was first looked at
 * @param wallNanos its length
 * @param job what the process of the job took
 * @param broker what the process of the broker took
 */
record SteadyPart(
    long records,
    long warmRecords,
    long warmNanos,
    long wallNanos,
    ProcessorTime.Used job,
    ProcessorTime.Used broker) {

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final long PATIENCE_NANOS = Duration.ofMinutes(5).toNanos();

  /** The share of records at which the steady part ends. */
  private static final double END = 0.95;

  /** As long the compilers are looked at before they are said to rest. */
  private static final long REST_NANOS = Duration.ofSeconds(3).toNanos();

  /**
   * What is not counted. A JVM interprets its code before it has compiled it, so that nothing may
   * be counted before the compilers have come to rest.
   *
   * @param least of all records, this share is left out in any case
   * @param most after this share it is counted whatever the compilers do
   * @param compilers they rest when they have taken no more than this share of what the job took
   *     for three seconds
   */
  record WarmUp(double least, double most, double compilers) {

    /** Everything is counted from the first record on. */
    static final WarmUp NONE = new WarmUp(0, 0, 1);

    WarmUp {
      if (!(0 <= least && least <= most && most < END)) {
        throw new IllegalArgumentException(
            "must be ascending, from 0 to less than %s: least=%s most=%s"
                .formatted(END, least, most));
      }
    }
  }

  /**
   * What is measured.
   *
   * @param expected how many records there will be
   */
  record Run(long expected, WarmUp warmUp, ChildProcess job, ChildProcess broker) {}

  /** Hears when the steady part begins and ends. */
  interface Listener {
    Listener NONE =
        new Listener() {
          @Override
          public void begins() {}

          @Override
          public void ends() {}
        };

    void begins() throws IOException;

    void ends() throws IOException;
  }

  /**
   * Waits until everything is committed.
   *
   * @throws IOException if the job ends before
   */
  static SteadyPart measure(
      Run run, WrittenRecords written, CommittedForecasts committed, Listener listener)
      throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    Rest rest = new Rest(run);
    Mark first = null;
    Mark last = null;
    long found;
    while ((found = committed.read(LOOK)) < run.expected()) {
      if (!run.job().isAlive()) {
        throw new IOException("the job has ended by itself");
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "records must arrive: expected=%d found=%d".formatted(run.expected(), found));
      }
      // Whoever reads everything again does so when nothing is measured.
      committed.take();
      long count = written.count();
      if (first == null && rest.isBegun(count)) {
        first = Mark.of(count, run);
        listener.begins();
      } else if (first != null && last == null && count >= END * run.expected()) {
        last = Mark.of(count, run);
        listener.ends();
      }
    }
    if (first == null || last == null || last.count <= first.count) {
      throw new IOException(
          "must take long enough to be looked at more than once: records=" + run.expected());
    }
    return new SteadyPart(
        last.count - first.count,
        first.count,
        first.nanos - rest.beginNanos,
        last.nanos - first.nanos,
        last.job.since(first.job),
        last.broker.since(first.broker));
  }

  /** Says when the compilers of a job have come to rest. */
  private static final class Rest {

    private final Run run;
    private final long beginNanos = System.nanoTime();
    private long sinceNanos = beginNanos;
    private @Nullable ProcessorTime since;

    Rest(Run run) {
      this.run = run;
    }

    boolean isBegun(long count) throws IOException {
      WarmUp warmUp = run.warmUp();
      boolean rests = isAtRest(count > 0);
      return count >= warmUp.most() * run.expected()
          || (rests && count >= warmUp.least() * run.expected());
    }

    /** Looks at a stretch of time that is long enough, and begins the next. */
    private boolean isAtRest(boolean works) throws IOException {
      long now = System.nanoTime();
      if (!works || now - sinceNanos < REST_NANOS) {
        return false;
      }
      ProcessorTime time = ProcessorTime.of(run.job());
      boolean rests = since != null && time.since(since).jitShare() <= run.warmUp().compilers();
      since = time;
      sinceNanos = now;
      return rests;
    }
  }

  private record Mark(long count, long nanos, ProcessorTime job, ProcessorTime broker) {
    static Mark of(long count, Run run) throws IOException {
      return new Mark(
          count, System.nanoTime(), ProcessorTime.of(run.job()), ProcessorTime.of(run.broker()));
    }
  }

  double perSecond() {
    return records * 1e9 / wallNanos;
  }

  /** Of the job, without its compilers, for a record. */
  double jobMicros() {
    return micros(job.withoutJitNanos());
  }

  /** Of the compilers of the job, for a record. */
  double jitMicros() {
    return micros(job.jitNanos());
  }

  /** Of the broker, without its compilers, for a record. */
  double brokerMicros() {
    return micros(broker.withoutJitNanos());
  }

  /**
   * Microseconds a record of the threads of the job, by their names; those that took most first.
   */
  Map<String, Double> threads() {
    return job.microsByName(records);
  }

  private double micros(long nanos) {
    return nanos / 1e3 / records;
  }
}
