package io.tidecast.benchmarks.inference;

import io.tidecast.runtime.bundle.ModelBundle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Batches per second, and beside them windows per second, of ONNX Runtime alone and of the
 * forecaster.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BatchBenchmark {

  /** A batch size and what forecasts it. */
  @State(Scope.Thread)
  public static class Subject {

    @Param({"1", "8", "32", "128", "512"})
    int batch;

    @Param("1")
    int intraOpThreads;

    @Param({"raw", "forecaster"})
    String path;

    Contender contender;

    /** Opens the model. */
    @Setup
    public void open() {
      ModelBundle bundle = Models.load();
      contender =
          path.equals("raw")
              ? new RawOnnx(bundle, intraOpThreads, batch)
              : new ForecasterPath(bundle, intraOpThreads, batch);
    }

    /** Closes the model. */
    @TearDown
    public void close() {
      contender.close();
    }
  }

  /** Forecasts one batch. */
  @Benchmark
  public void forecast(Subject subject, WindowCounter counter) {
    subject.contender.run();
    counter.windows += subject.batch;
  }
}
