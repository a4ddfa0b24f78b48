package io.tidecast.runtime.serving;

import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a model over windows and gives each its answer, whatever the model does. One thread at a
 * time, but for {@link #givenUp} and {@link #isStuck}; the model stays the caller's to close.
 *
 * <p>When a run fails and there are retries, each of its windows is tried again alone, so that one
 * that the model cannot bear takes none of its neighbours along. When a run takes too long and is
 * ended, each of its windows is tried alone, whether or not there are retries: a window that hangs
 * then costs one limit of time, where halving the batch would cost one at every step. Such a window
 * is answered by the policy, and its series {@linkplain SuspectSeries rests}. A model that answers
 * none is {@linkplain Endurance given up}. An {@link Error} is not answered for; it goes through.
 */
public final class ModelRunner {

  /** The windows of a run that was ended may take so many limits of time, all together. */
  private static final int SEARCH_IN_RUNS = 2;

  private static final long NOT_RUNNING = Long.MAX_VALUE;

  private final Forecaster model;
  private final FailurePolicy policy;
  private final ServingOptions options;
  private final ServingListener listener;
  private final WindowBatch batch;
  private final ForecastBatch forecasts;
  private final int[] filledCells;
  private final Duration runTimeout;
  private final Pace pace;
  private final SuspectSeries suspects = new SuspectSeries();
  private final Endurance endurance;

  /** A run has no more windows than this. */
  private int most;

  /** These two are of the windows that are being answered. */
  private boolean answered;

  private boolean timedOut;

  private volatile long stuckFromNanos = NOT_RUNNING;

  /**
   * @param policy for this runner alone
   */
  public ModelRunner(
      Forecaster model, FailurePolicy policy, ServingOptions options, ServingListener listener) {
    this.model = model;
    this.policy = policy;
    this.options = options;
    this.listener = listener;
    this.batch = new WindowBatch(model.spec(), options.maxBatchSize());
    this.forecasts = new ForecastBatch(model.spec(), options.maxBatchSize());
    this.filledCells = new int[options.maxBatchSize()];
    this.runTimeout = options.limits().runTimeout();
    this.pace = new Pace(runTimeout);
    this.endurance = new Endurance(options.limits(), listener);
    this.most = options.maxBatchSize();
  }

  /** Tells whether the model is given up at the moment; any thread. */
  public boolean givenUp() {
    return endurance.givenUp() || isStuck();
  }

  /** Tells whether a run goes on although it was told to end long ago; any thread. */
  boolean isStuck() {
    long from = stuckFromNanos;
    return from != NOT_RUNNING && now() - from > 0;
  }

  /**
   * Returns one answer for each window, in their order.
   *
   * @param windows no more than the options allow; not kept
   * @throws ForecastStoppedException if the call is ended before all have their answers
   * @throws ModelGivenUpException if the model is given up and the options say so
   */
  public List<Answer> answer(List<Window> windows) {
    if (windows.size() <= most) {
      return answerAtOnce(windows);
    }
    List<Answer> answers = new ArrayList<>(windows.size());
    int from = 0;
    while (from < windows.size()) {
      int to = Math.min(from + most, windows.size());
      answers.addAll(answerAtOnce(windows.subList(from, to)));
      from = to;
    }
    return answers;
  }

  private List<Answer> answerAtOnce(List<Window> windows) {
    answered = false;
    timedOut = false;
    List<Answer> answers = givenUpOrNot(windows);
    if (answered) {
      endurance.answered();
    } else if (timedOut) {
      endurance.lost(now());
    }
    return answers;
  }

  private List<Answer> givenUpOrNot(List<Window> windows) {
    if (!endurance.givenUp()) {
      return suspects.isEmpty() ? together(windows) : apart(windows);
    }
    return endurance.rests(now())
        ? windows.stream().map(window -> policy.answer(window, Endurance.WHY)).toList()
        : oneByOne(windows);
  }

  /** Runs the windows of suspects behind the others, each by itself. */
  private List<Answer> apart(List<Window> windows) {
    List<Window> free = new ArrayList<>();
    List<Window> suspected = new ArrayList<>();
    boolean[] isSuspected = new boolean[windows.size()];
    for (int i = 0; i < isSuspected.length; i++) {
      Window window = windows.get(i);
      isSuspected[i] = suspects.contains(window.series());
      (isSuspected[i] ? suspected : free).add(window);
    }
    List<Answer> together = free.isEmpty() ? List.of() : together(free);
    List<Answer> alone = oneByOne(suspected);
    List<Answer> answers = new ArrayList<>(windows.size());
    int nextAlone = 0;
    for (int i = 0; i < isSuspected.length; i++) {
      answers.add(isSuspected[i] ? alone.get(nextAlone++) : together.get(i - nextAlone));
    }
    return answers;
  }

  private List<Answer> together(List<Window> windows) {
    if (windows.size() == 1) {
      return List.of(alone(windows.get(0)));
    }
    try {
      return attempt(windows, runTimeout);
    } catch (ForecastStoppedException e) {
      throw e;
    } catch (ModelTimeoutException e) {
      timedOut = true;
      listener.timedOut(windows.size(), runTimeout);
      return searched(windows);
    } catch (RuntimeException e) {
      listener.failed(e);
      List<Answer> answers = new ArrayList<>(windows.size());
      for (Window window : windows) {
        answers.add(retry(window, e));
      }
      return answers;
    }
  }

  /** Finds the windows that keep the model busy. Where there are none, the batch was too large. */
  private List<Answer> searched(List<Window> windows) {
    long before = suspects.heardOf();
    List<Answer> answers = oneByOne(windows);
    if (suspects.heardOf() == before) {
      most = Math.max(1, windows.size() / 2);
      listener.slowed(windows.size(), most);
    }
    return answers;
  }

  private List<Answer> oneByOne(List<Window> windows) {
    List<Answer> answers = new ArrayList<>(windows.size());
    Duration left = runTimeout.multipliedBy(SEARCH_IN_RUNS);
    for (Window window : windows) {
      if (suspects.rests(window.series(), now())) {
        answers.add(policy.answer(window, SuspectSeries.WHY));
      } else if (left.isNegative() || left.isZero()) {
        answers.add(
            policy.answer(
                window,
                "model must answer in time, it did not for so many windows beside this one that it was not tried"));
      } else {
        long before = suspects.heardOf();
        Duration limit = pace.alone();
        answers.add(alone(window));
        if (suspects.heardOf() > before) {
          left = left.minus(limit);
        }
      }
    }
    return answers;
  }

  private Answer alone(Window window) {
    Duration limit = pace.alone();
    try {
      return attemptAlone(window, limit);
    } catch (ForecastStoppedException e) {
      throw e;
    } catch (ModelTimeoutException e) {
      return suspect(window, limit, e);
    } catch (RuntimeException e) {
      listener.failed(e);
      return retry(window, e);
    }
  }

  private Answer retry(Window window, RuntimeException first) {
    RuntimeException last = first;
    for (int i = 0; i < options.retries(); i++) {
      Duration limit = pace.alone();
      try {
        return attemptAlone(window, limit);
      } catch (ForecastStoppedException e) {
        throw e;
      } catch (ModelTimeoutException e) {
        return suspect(window, limit, e);
      } catch (RuntimeException e) {
        listener.failed(e);
        last = e;
      }
    }
    return policy.answer(window, "model must answer, it failed: " + last);
  }

  private Answer suspect(Window window, Duration limit, ModelTimeoutException why) {
    timedOut = true;
    listener.timedOut(1, limit);
    listener.suspected(window.series(), suspects.add(window.series(), now()));
    return policy.answer(window, String.valueOf(why.getMessage()));
  }

  private Answer attemptAlone(Window window, Duration limit) {
    Answer answer = attempt(List.of(window), limit).get(0);
    if (!suspects.isEmpty()) {
      suspects.clear(window.series());
    }
    return answer;
  }

  private List<Answer> attempt(List<Window> windows, Duration limit) {
    batch.clear();
    for (int row = 0; row < windows.size(); row++) {
      filledCells[row] = batch.add(BaselineAnswers.given(model, windows.get(row)));
    }
    batch.limitRun(limit);
    long startNanos = now();
    stuckFromNanos = startNanos + limit.plus(runTimeout).toNanos();
    try {
      model.forecast(batch, forecasts);
    } finally {
      stuckFromNanos = NOT_RUNNING;
    }
    long nanos = now() - startNanos;
    answered = true;
    if (windows.size() == 1) {
      pace.took(nanos);
    }
    listener.ran(windows.size(), nanos);
    List<Answer> answers = new ArrayList<>(windows.size());
    for (int row = 0; row < windows.size(); row++) {
      answers.add(
          forecasts.isFinite(row)
              ? BaselineAnswers.made(
                  forecasts,
                  row,
                  filledCells[row],
                  false,
                  BaselineAnswers.basesOf(model, windows.get(row)))
              : policy.answer(windows.get(row), "model must answer finite numbers, it did not"));
    }
    return answers;
  }

  private long now() {
    return options.nanoClock().getAsLong();
  }
}
