package io.tidecast.runtime.onnx;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How the windows of a batch may share a run, so that the bytes of a forecast do not depend on the
 * company it travelled in. Nothing in ONNX Runtime promises that, and it depends on the kernels of
 * the processor at hand, so it is measured when a model is opened.
 *
 * <p>Measured with 1.28.0 on x86-64 with AVX-512, batches of 2 to 300, one and two threads: MatMul,
 * Gemm, Attention, Conv, LayerNormalization, Softmax, GlobalAveragePool and the activations give
 * the same bits in every batch. ReduceMean and ReduceSum do not, by about 1e-7 relative: over the
 * time of {@code [batch, time, channel]} a batch of one folds its axis away and sums in another
 * order ({@link #PAIRED}), and a Transpose before them does not help, since ONNX Runtime moves it
 * behind them; over a last axis whose length is not a multiple of 4 the order follows the alignment
 * of the row in memory ({@link #ALONE}).
 */
enum RunSharing {
  /** Any number of windows may share a run, from one on. */
  ANY,
  /** Two windows or more may share a run; a lone one runs beside its own copy. */
  PAIRED,
  /**
   * Every window runs by itself, always at the same alignment: right for every graph, and slower.
   */
  ALONE;

  private static final int[] SIZES = {2, 3, 4, 5, 7, 8, 16, 17, 31, 32, 64, 128};

  /** So many windows are held at once when a model is opened. */
  static final int MOST = SIZES[SIZES.length - 1];

  private static final Duration PROBE_STEP = Duration.ofMinutes(15);
  private static final Duration PROBE_DISTANCE = Duration.ofHours(997);

  /**
   * Finds the freest way that the graph allows and that keeps the bits of the probe windows; it
   * warms the session too.
   */
  static RunSharing of(TrialRuns trial, ForecasterSpec spec) {
    WindowBatch windows = probes(spec);
    if (trial.graph().takesOneRow()) {
      requireSame(trial, windows);
      oneByOne(trial, windows, 1);
      return ALONE;
    }
    requireSame(trial, windows);
    if (agrees(trial, windows, oneByOne(trial, windows, 1))) {
      return ANY;
    }
    return agrees(trial, windows, oneByOne(trial, windows, 2)) ? PAIRED : ALONE;
  }

  /**
   * Makes random walks: they are like a series, with every bit of the mantissa in use. Where
   * contexts may be shorter, every other one is.
   */
  private static WindowBatch probes(ForecasterSpec spec) {
    SplittableRandom random = new SplittableRandom(1);
    WindowBatch windows = new WindowBatch(spec, MOST);
    float[] context = new float[spec.contextSize()];
    float[] covariates = new float[spec.futureCovariatesSize()];
    for (int row = 0; row < MOST; row++) {
      for (int i = 0; i < context.length; i++) {
        float previous = i < spec.channels() ? row : context[i - spec.channels()];
        context[i] = previous + (float) random.nextDouble(-1, 1);
      }
      if (spec.leftPadding() && row % 2 == 1) {
        int missing = random.nextInt(spec.contextLength());
        Arrays.fill(context, 0, missing * spec.channels(), Float.NaN);
      }
      for (int i = 0; i < covariates.length; i++) {
        covariates[i] = row + (float) random.nextDouble(-1, 1);
      }
      // Weeks and hours apart, in series of their own: other calendar features, other noise.
      long originMillis = row * PROBE_DISTANCE.toMillis();
      windows.add(
          new Window("probe-" + row, originMillis, PROBE_STEP.toMillis(), context, covariates));
    }
    return windows;
  }

  /**
   * Runs one window twice, in the same memory.
   *
   * @throws ModelException if the answers differ
   */
  private static void requireSame(TrialRuns trial, WindowBatch windows) {
    if (trial.options().device().device().isGpu()) {
      // Some of its kernels sum in the order in which their threads come.
      return;
    }
    ForecastBatch first = new ForecastBatch(windows.spec(), 1);
    ForecastBatch second = new ForecastBatch(windows.spec(), 1);
    first.resize(1);
    second.resize(1);
    alone(trial.graph(), windows, 0, 1, first, trial.limit());
    alone(trial.graph(), windows, 0, 1, second, trial.limit());
    if (!second.startsBitForBit(first)) {
      throw new ModelException(
          "model must answer the same window alike, and two runs differ: model="
              + trial.graph().name()
              + "; it draws at random: export it in evaluation mode (model.eval() in PyTorch)");
    }
  }

  private static ForecastBatch oneByOne(TrialRuns trial, WindowBatch windows, int copies) {
    ForecastBatch forecasts = new ForecastBatch(windows.spec(), MOST);
    forecasts.resize(MOST);
    for (int row = 0; row < MOST; row++) {
      alone(trial.graph(), windows, row, copies, forecasts, trial.limit());
    }
    return forecasts;
  }

  /**
   * Runs one window by itself, {@code copies} rows of it, from and to memory of fixed alignment.
   */
  static void alone(
      OnnxGraph graph,
      WindowBatch windows,
      int row,
      int copies,
      ForecastBatch forecasts,
      RunLimit limit) {
    windows.copyAside(row, copies);
    try {
      graph.bind(windows, forecasts).runAside(copies, limit.limit(), limit.deadlineNanos());
    } finally {
      Reference.reachabilityFence(windows);
    }
    forecasts.copyFromAside(row);
  }

  private static boolean agrees(TrialRuns trial, WindowBatch windows, ForecastBatch expected) {
    ForecastBatch found = new ForecastBatch(windows.spec(), MOST);
    try {
      OnnxBinding binding = trial.graph().bind(windows, found);
      for (int size : SIZES) {
        found.resize(size);
        RunLimit limit = trial.limit();
        try {
          binding.run(size, limit.limit(), limit.deadlineNanos());
        } catch (ModelException e) {
          throw BatchTrial.ofSeveral(trial.graph(), e).map(ModelException.class::cast).orElse(e);
        }
        if (!found.startsBitForBit(expected)) {
          return false;
        }
      }
      return true;
    } finally {
      Reference.reachabilityFence(windows);
    }
  }
}
