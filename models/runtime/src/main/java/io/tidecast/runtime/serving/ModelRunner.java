package io.tidecast.runtime.serving;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Finite;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model over windows and gives each its answer, whatever the model does: a forecast, or why
 * there is none. One thread at a time, but for {@link #isStuck}; the model stays the caller's to
 * close.
 *
 * <p>When a run fails and there are retries, each of its windows is tried again alone, so that one
 * that the model cannot bear takes none of its neighbours along. When a run takes too long and is
 * ended, each of its windows is tried alone, whether or not there are retries: a window that hangs
 * then costs one limit of time, where halving the batch would cost one at every step. Such a window
 * has failed, and its series {@linkplain SuspectSeries rests}. A model that answers none is
 * {@linkplain CircuitBreaker given up}. An {@link Error} is not answered for; it goes through.
 *
 * <p>Windows of different horizons share their runs: a forecast is cut on its way out, or
 * {@linkplain Rollout rolled out}. A batch whose windows all have their forecasts at once makes no
 * object but those.
 */
public final class ModelRunner {

  /** The windows of a run that was ended may take so many limits of time, all together. */
  private static final int SEARCH_IN_RUNS = 2;

  private static final long NOT_RUNNING = Long.MAX_VALUE;

  private static final float[] NO_QUANTILES = {};
  private static final String NO_NUMBERS = "model must answer finite numbers, it did not";

  private final Forecaster model;
  private final ServingOptions options;
  private final ModelConduct conduct;

  /** Null for a runner that is given windows by others. */
  private final @Nullable Caller itself;

  private final WindowBatch batch;
  private final ForecastBatch forecasts;
  private final int[] filledCells;
  private final boolean shiftEquivariant;
  private final Pending[] toRun;
  private final Pending[] alone = new Pending[1];
  private @Nullable Rollout rollout;

  /** These two are of the windows that are being answered. */
  private boolean tried;

  private boolean tookTooLong;

  private volatile long stuckFromNanos = NOT_RUNNING;

  /**
   * Makes a runner for {@link #answer(List)}, which has the model for itself.
   *
   * @param listener hears of every run
   */
  public ModelRunner(Forecaster model, ServingOptions options, ServingListener listener) {
    this(model, options, new ModelConduct(options), new Itself(model.spec(), listener));
  }

  /**
   * @param conduct shared with all other runners of the model
   */
  ModelRunner(Forecaster model, ServingOptions options, ModelConduct conduct) {
    this(model, options, conduct, null);
  }

  private ModelRunner(
      Forecaster model, ServingOptions options, ModelConduct conduct, @Nullable Caller itself) {
    this.model = model;
    this.options = options;
    this.conduct = conduct;
    this.itself = itself;
    this.batch = new WindowBatch(model.spec(), options.maxBatchSize());
    this.forecasts = new ForecastBatch(model.spec(), options.maxBatchSize());
    this.filledCells = new int[options.maxBatchSize()];
    this.toRun = new Pending[options.maxBatchSize()];
    this.shiftEquivariant = model.isShiftEquivariant();
  }

  private record Itself(ForecasterSpec spec, ServingListener listener) implements Caller {}

  /** Tells whether the model is given up at the moment; any thread. */
  public boolean givenUp() {
    return conduct.breaker().isOpen() || isStuck(now());
  }

  /** Tells whether a run goes on although it was told to end long ago; any thread. */
  boolean isStuck(long nowNanos) {
    long from = stuckFromNanos;
    return from != NOT_RUNNING && nowNanos - from > 0;
  }

  /**
   * Returns one answer for each window, in their order.
   *
   * @param windows no more than the options allow; not kept
   * @throws ForecastStoppedException if the call is ended before all have their answers
   */
  public List<Answer> answer(List<Window> windows) {
    Caller caller = requireNonNull(itself, "a runner for others has no windows of its own");
    Pending[] pending = new Pending[windows.size()];
    long nowNanos = now();
    for (int i = 0; i < pending.length; i++) {
      pending[i] = new Pending();
      pending[i].set(caller, windows.get(i), null, nowNanos);
    }
    answer(pending, pending.length);
    List<Answer> answers = new ArrayList<>(pending.length);
    for (Pending its : pending) {
      answers.add(its.answer());
    }
    return answers;
  }

  /**
   * Gives each of the first windows its answer.
   *
   * @param windows not kept
   * @throws ForecastStoppedException if the call is ended before all have their answers
   */
  void answer(Pending[] windows, int count) {
    long nowNanos = now();
    long timeoutNanos = options.timeout().toNanos();
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (nowNanos - windows[i].sinceNanos() > timeoutNanos) {
        windows[i].fail(Answer.Cause.LATE, late());
      } else {
        toRun[size++] = windows[i];
      }
    }
    int from = 0;
    while (from < size) {
      int to = Math.min(from + conduct.mostWindows(), size);
      answerAtOnce(toRun, from, to);
      from = to;
    }
    for (int i = 0; i < size; i++) {
      toRun[i] = alone[0];
    }
  }

  private String late() {
    return "model must answer within %d ms, the window has waited for longer"
        .formatted(options.timeout().toMillis());
  }

  private void answerAtOnce(Pending[] windows, int from, int to) {
    CircuitBreaker breaker = conduct.breaker();
    switch (breaker.admit(now())) {
      case ALL -> answerCounted(windows, from, to);
      case NONE -> refuse(windows, from, to);
      case PROBE -> {
        int probe = probe(windows, from, to);
        if (probe == to) {
          breaker.unprobed();
        } else {
          swap(windows, from, probe);
          answerCounted(windows, from, from + 1);
          // Another thread may have put its series to rest meanwhile, and then nothing was tried.
          breaker.unprobed();
          if (breaker.isOpen()) {
            refuse(windows, from + 1, to);
          } else if (from + 1 < to) {
            answerCounted(windows, from + 1, to);
          }
        }
      }
    }
  }

  private static void refuse(Pending[] windows, int from, int to) {
    for (int i = from; i < to; i++) {
      windows[i].fail(Answer.Cause.GIVEN_UP, CircuitBreaker.WHY);
    }
  }

  /** Finds a window whose series does not rest; answers for those before it that do. */
  private int probe(Pending[] windows, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!conduct.suspects().rests(windows[i].window().series(), now())) {
        return i;
      }
      windows[i].fail(Answer.Cause.MODEL, SuspectSeries.WHY);
    }
    return to;
  }

  private static void swap(Pending[] windows, int one, int other) {
    Pending kept = windows[one];
    windows[one] = windows[other];
    windows[other] = kept;
  }

  /** Answers windows, and tells the breaker what came of them. */
  private void answerCounted(Pending[] windows, int from, int to) {
    tried = false;
    tookTooLong = false;
    if (conduct.suspects().isEmpty()) {
      together(windows, from, to);
    } else {
      apart(windows, from, to);
    }
    CircuitBreaker breaker = conduct.breaker();
    ServingListener listener = windows[from].caller().listener();
    if (hasForecast(windows, from, to)) {
      if (breaker.answered()) {
        listener.resumed();
      }
    } else if (tried) {
      int failures = breaker.failed(tookTooLong, windows, from, to, now());
      if (failures > 0) {
        listener.gaveUp(failures, breaker.rest());
      }
    }
  }

  private static boolean hasForecast(Pending[] windows, int from, int to) {
    for (int i = from; i < to; i++) {
      if (windows[i].answer() instanceof Answer.Made) {
        return true;
      }
    }
    return false;
  }

  /** Runs the windows of suspects behind the others, each by itself. */
  private void apart(Pending[] windows, int from, int to) {
    Pending[] free = new Pending[to - from];
    Pending[] suspected = new Pending[to - from];
    int frees = 0;
    int suspects = 0;
    for (int i = from; i < to; i++) {
      if (conduct.suspects().contains(windows[i].window().series())) {
        suspected[suspects++] = windows[i];
      } else {
        free[frees++] = windows[i];
      }
    }
    if (frees > 0) {
      together(free, 0, frees);
    }
    oneByOne(suspected, 0, suspects);
  }

  private void together(Pending[] windows, int from, int to) {
    if (to - from == 1) {
      alone(windows[from]);
      return;
    }
    ServingListener listener = windows[from].caller().listener();
    try {
      attempt(windows, from, to, conduct.runTimeout());
    } catch (ForecastStoppedException e) {
      throw e;
    } catch (ModelTimeoutException e) {
      tookTooLong = true;
      listener.timedOut(to - from, conduct.runTimeout());
      if (!oneByOne(windows, from, to)) {
        // None of them hangs, so the batch was too large.
        listener.slowed(to - from, conduct.tooMany(to - from));
      }
    } catch (RuntimeException e) {
      listener.failed(e);
      for (int i = from; i < to; i++) {
        retry(windows[i], e);
      }
    }
  }

  /** Tells whether any of them took too long. */
  private boolean oneByOne(Pending[] windows, int from, int to) {
    boolean any = false;
    Duration left = conduct.runTimeout().multipliedBy(SEARCH_IN_RUNS);
    for (int i = from; i < to; i++) {
      Pending window = windows[i];
      if (conduct.suspects().rests(window.window().series(), now())) {
        window.fail(Answer.Cause.MODEL, SuspectSeries.WHY);
      } else if (left.isNegative() || left.isZero()) {
        window.fail(
            Answer.Cause.MODEL,
            "model must answer in time, it did not for so many windows beside this one that it was not tried");
      } else {
        Duration limit = conduct.pace().alone();
        if (!alone(window)) {
          any = true;
          left = left.minus(limit);
        }
      }
    }
    return any;
  }

  /** Answers one window; tells whether it took no longer than it may. */
  private boolean alone(Pending window) {
    Duration limit = conduct.pace().alone();
    try {
      attemptAlone(window, limit);
      return true;
    } catch (ForecastStoppedException e) {
      throw e;
    } catch (ModelTimeoutException e) {
      suspect(window, limit, e);
      return false;
    } catch (RuntimeException e) {
      window.caller().listener().failed(e);
      return retry(window, e);
    }
  }

  private boolean retry(Pending window, RuntimeException first) {
    RuntimeException last = first;
    for (int i = 0; i < options.retries(); i++) {
      Duration limit = conduct.pace().alone();
      try {
        attemptAlone(window, limit);
        return true;
      } catch (ForecastStoppedException e) {
        throw e;
      } catch (ModelTimeoutException e) {
        suspect(window, limit, e);
        return false;
      } catch (RuntimeException e) {
        window.caller().listener().failed(e);
        last = e;
      }
    }
    window.fail(Answer.Cause.MODEL, "model must answer, it failed: " + last);
    return true;
  }

  private void suspect(Pending window, Duration limit, ModelTimeoutException why) {
    tookTooLong = true;
    ServingListener listener = window.caller().listener();
    String series = window.window().series();
    listener.timedOut(1, limit);
    listener.suspected(series, conduct.suspects().add(series, now()));
    window.fail(Answer.Cause.MODEL, String.valueOf(why.getMessage()));
  }

  private void attemptAlone(Pending window, Duration limit) {
    alone[0] = window;
    attempt(alone, 0, 1, limit);
    if (!conduct.suspects().isEmpty()) {
      conduct.suspects().clear(window.window().series());
    }
  }

  private void attempt(Pending[] windows, int from, int to, Duration limit) {
    tried = true;
    fill(windows, from, to);
    batch.limitRun(limit);
    long startNanos = now();
    stuckFromNanos = startNanos + limit.toNanos() + conduct.runTimeout().toNanos();
    try {
      model.forecast(batch, forecasts);
      if (rollout != null && rollout.size() > 0) {
        rollOut(windows, from, to, limit, startNanos);
      }
    } finally {
      stuckFromNanos = NOT_RUNNING;
    }
    long nanos = now() - startNanos;
    if (to - from == 1) {
      conduct.pace().took(nanos);
    }
    windows[from].caller().listener().ran(to - from, nanos);
    int further = 0;
    for (int row = 0; row < to - from; row++) {
      Pending window = windows[from + row];
      boolean isFurther = isFurther(window);
      Answer answer = made(window, row, isFurther ? further : -1);
      window.answer(answer);
      further += isFurther ? 1 : 0;
    }
  }

  private void fill(Pending[] windows, int from, int to) {
    batch.clear();
    if (rollout != null) {
      rollout.clear();
    }
    for (int i = from; i < to; i++) {
      Window window = windows[i].window();
      Window given = shiftEquivariant ? window : window.absolute();
      filledCells[i - from] =
          isFurther(windows[i])
              ? batch.add(given, further(given, windows[i].caller().spec().horizon()))
              : batch.add(given);
    }
  }

  private boolean isFurther(Pending window) {
    return window.caller().spec().horizon() > model.spec().horizon();
  }

  private float[] further(Window window, int horizon) {
    if (rollout == null) {
      rollout = new Rollout(model, options.maxBatchSize());
    }
    return rollout.add(window.series(), window.originMillis(), window.stepMillis(), horizon);
  }

  private void rollOut(Pending[] windows, int from, int to, Duration limit, long startNanos) {
    int row = 0;
    for (int i = from; i < to; i++) {
      if (isFurther(windows[i])) {
        rollout().begun(row++, forecasts, i - from);
      }
    }
    Duration left = limit.minusNanos(now() - startNanos);
    rollout()
        .run(
            model.spec().horizon(),
            left.isNegative() || left.isZero() ? Duration.ofNanos(1) : left);
  }

  private Rollout rollout() {
    return requireNonNull(rollout, "a window was added to it");
  }

  /**
   * @param further its number among those that are rolled out; negative for a window that is not
   */
  private Answer made(Pending window, int row, int further) {
    ForecasterSpec spec = window.caller().spec();
    float[] points = new float[spec.pointsSize()];
    float[] quantiles = spec.quantilesSize() == 0 ? NO_QUANTILES : new float[spec.quantilesSize()];
    if (further < 0) {
      forecasts.firstPoints(row, points);
      forecasts.firstQuantiles(row, quantiles);
    } else if (!rollout().points(further, points)) {
      return new Answer.Failed(NO_NUMBERS);
    }
    if (!Finite.all(points) || !Finite.all(quantiles)) {
      return new Answer.Failed(NO_NUMBERS);
    }
    double[] bases = shiftEquivariant ? window.window().bases() : Window.NO_BASES;
    return new Answer.Made(
        spec,
        points,
        quantiles,
        filledCells[row],
        false,
        BaselineAnswers.ofTargets(bases, spec.targets()));
  }

  private long now() {
    return options.nanoClock().getAsLong();
  }
}
