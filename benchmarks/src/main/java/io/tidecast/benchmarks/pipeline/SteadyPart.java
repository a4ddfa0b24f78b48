package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.process.ChildProcess;
import io.tidecast.benchmarks.process.ProcessorTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * What a job and its broker took for the records of the steady part of a run, after a warm-up and
 * before the end, when there is less and less to do.
 *
 * @param records that were written in it
 * @param wallNanos its length
 * @param job what the process of the job took
 * @param broker what the process of the broker took
 */
record SteadyPart(long records, long wallNanos, ProcessorTime.Used job, ProcessorTime.Used broker) {

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final long PATIENCE_NANOS = Duration.ofMinutes(5).toNanos();

  /** The share of records at which the steady part ends. */
  private static final double END = 0.95;

  /**
   * What is measured.
   *
   * @param expected how many records there will be
   * @param warm the share of them after which the job is warm
   */
  record Run(long expected, double warm, ChildProcess job, ChildProcess broker) {}

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
      long count = written.count();
      if (first == null && count >= run.warm() * run.expected()) {
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
        last.nanos - first.nanos,
        last.job.since(first.job),
        last.broker.since(first.broker));
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
