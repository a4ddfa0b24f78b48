package io.tidecast.runtime.windows;

import io.tidecast.runtime.manifest.Checks;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest.Patches;
import io.tidecast.runtime.manifest.TensorRole;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Windows on their way into a {@link Forecaster}: one direct buffer for each of its inputs,
 * row-major, a row for each window. Contexts are {@code [batch][time][channel]}, or cut into
 * patches {@code [batch][channel][patch][step]}, oldest cell first, units of the series, without
 * gaps, but for the oldest cells where the forecaster {@linkplain ForecasterSpec#leftPadding pads
 * them}; calendar features and noise are made here.
 *
 * <p>Made once, filled and cleared for every batch. One thread at a time.
 */
public final class WindowBatch {

  private final ForecasterSpec spec;
  private final int capacity;
  private final Map<TensorRole, Rows> inputs = new EnumMap<>(TensorRole.class);
  private final Rows contexts;
  private final @Nullable PatchCutter cutter;
  private final float[] filled;
  private final TimeFeatures contextTimes;
  private final TimeFeatures futureTimes;
  private final Noise noise;
  private final float[] draws;
  private final String[] series;
  private final long[] originMillis;
  private final long[] stepMillis;
  private final Rows[] allInputs;
  private int size;
  private @Nullable Duration runLimit;
  private @Nullable Object attachment;

  /**
   * @param capacity greatest number of windows
   */
  public WindowBatch(ForecasterSpec spec, int capacity) {
    Checks.positive("capacity", capacity);
    this.spec = spec;
    this.capacity = capacity;
    for (TensorRole role : TensorRole.values()) {
      if (role.isInput() && spec.size(role) > 0) {
        inputs.put(role, new Rows(capacity, spec.size(role)));
      }
    }
    allInputs = inputs.values().toArray(new Rows[0]);
    ForecasterInputs wanted = spec.inputs();
    Patches patches = wanted.patches();
    cutter = patches == null ? null : new PatchCutter(spec, patches);
    contexts = rows(cutter == null ? TensorRole.CONTEXT : TensorRole.PATCHES);
    filled = new float[spec.contextSize()];
    contextTimes = new TimeFeatures(wanted.contextTimeFeatures(), spec.contextLength());
    futureTimes = new TimeFeatures(wanted.futureTimeFeatures(), spec.predictionLength());
    noise = new Noise(spec.id(), spec.version());
    draws = new float[wanted.noise()];
    series = new String[capacity];
    originMillis = new long[capacity];
    stepMillis = new long[capacity];
  }

  public ForecasterSpec spec() {
    return spec;
  }

  /**
   * Sets how long a forecaster may take for this batch, where that is less than its own limit; null
   * leaves it to the forecaster. It stays until it is set anew.
   */
  public void limitRun(@Nullable Duration limit) {
    runLimit = limit;
  }

  /** Returns what {@link #limitRun} was told last. */
  public @Nullable Duration runLimit() {
    return runLimit;
  }

  /**
   * Keeps what the forecaster that runs these windows wants to find again at the next run; the one
   * before is forgotten.
   */
  public void attach(@Nullable Object ofTheForecaster) {
    attachment = ofTheForecaster;
  }

  /** Returns what {@link #attach} was told last. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** The number of windows that it has room for. */
  public int capacity() {
    return capacity;
  }

  /** The number of windows added since the last {@link #clear}. */
  public int size() {
    return size;
  }

  public boolean isFull() {
    return size() == capacity;
  }

  public void clear() {
    resize(0);
  }

  private void resize(int newSize) {
    size = newSize;
    for (Rows rows : allInputs) {
      rows.resize(newSize);
    }
  }

  /**
   * Adds one window, filling the missing cells of its context: each takes the last value of its
   * channel before it, leading ones the first value after them; a forecaster with left padding is
   * given the leading ones as they are. What the forecaster does not ask for is ignored.
   *
   * @param window not kept
   * @return the number of cells filled
   * @throws IllegalArgumentException if a length is wrong, a value is infinite, a covariate is
   *     missing, a channel has no value at all or calendar features are asked for without a
   *     positive step; the batch is then as it was
   * @throws IllegalStateException if the batch is full
   */
  public int add(Window window) {
    return put(window, null);
  }

  /**
   * Adds one window like {@link #add(Window)}, and copies its context as the forecaster sees it.
   *
   * @param filledContext receives {@code [time][channel]} from index 0
   */
  public int add(Window window, float[] filledContext) {
    return put(window, filledContext);
  }

  private int put(Window window, float @Nullable [] filledContext) {
    if (isFull()) {
      throw new IllegalStateException("batch is full: capacity=" + capacity);
    }
    float[] context = window.context();
    requireSize(context);
    // It mostly comes from another processor's cache, whence it is copied faster than looked at.
    setNext(context);
    int filledCells = 0;
    if (!Finite.all(context)) {
      requireNoneInfinite(context);
      System.arraycopy(context, 0, filled, 0, filled.length);
      context = filled;
      for (int channel = 0; channel < spec.channels(); channel++) {
        filledCells += fill(channel);
      }
      setNext(context);
    }
    if (allInputs.length > 1) {
      addBesideContext(window);
    }
    if (filledContext != null) {
      System.arraycopy(context, 0, filledContext, 0, spec.contextSize());
    }
    series[size] = window.series();
    originMillis[size] = window.originMillis();
    stepMillis[size] = window.stepMillis();
    // Only now is the row part of the batch: a refused window leaves no trace.
    resize(size() + 1);
    return filledCells;
  }

  private void requireSize(float[] context) {
    if (context.length != filled.length) {
      throw new IllegalArgumentException(
          "must hold " + filled.length + " values: context.length=" + context.length);
    }
  }

  private static void requireNoneInfinite(float[] context) {
    for (float cell : context) {
      if (Float.isInfinite(cell)) {
        throw new IllegalArgumentException("must be finite: cell=" + cell);
      }
    }
  }

  /** Writes a context behind the last row, of which it is no part yet. */
  private void setNext(float[] context) {
    if (cutter == null) {
      contexts.setNext(context);
    } else {
      cutter.cut(context, contexts.cells(), size * spec.size(TensorRole.PATCHES));
    }
  }

  private int fill(int channel) {
    int step = spec.channels();
    int known = channel;
    while (known < filled.length && Float.isNaN(filled[known])) {
      known += step;
    }
    if (known >= filled.length) {
      throw new IllegalArgumentException("must have a value somewhere: channel=" + channel);
    }
    float value = filled[known];
    int count = 0;
    for (int i = spec.leftPadding() ? known : channel; i < filled.length; i += step) {
      if (Float.isNaN(filled[i])) {
        filled[i] = value;
        count++;
      } else {
        value = filled[i];
      }
    }
    return count;
  }

  private void addBesideContext(Window window) {
    long origin = window.originMillis();
    long step = window.stepMillis();
    Rows covariates = inputs.get(TensorRole.FUTURE_COVARIATES);
    if (covariates != null) {
      checkKnown(window.futureCovariates());
      covariates.setNext(window.futureCovariates());
    }
    Rows past = inputs.get(TensorRole.CONTEXT_TIME_FEATURES);
    if (past != null) {
      Checks.positive("stepMillis", step);
      long firstMillis = origin - (spec.contextLength() - 1) * step;
      past.setNext(contextTimes.from(firstMillis, step));
    }
    Rows future = inputs.get(TensorRole.FUTURE_TIME_FEATURES);
    if (future != null) {
      Checks.positive("stepMillis", step);
      future.setNext(futureTimes.from(origin + step, step));
    }
    Rows noises = inputs.get(TensorRole.NOISE);
    if (noises != null) {
      noise.fill(window.series(), origin, draws);
      noises.setNext(draws);
    }
  }

  private void checkKnown(float[] futureCovariates) {
    if (futureCovariates.length != spec.futureCovariatesSize()) {
      throw new IllegalArgumentException(
          "must hold "
              + spec.futureCovariatesSize()
              + " values: futureCovariates.length="
              + futureCovariates.length);
    }
    int width = spec.inputs().futureCovariates();
    for (int i = 0; i < futureCovariates.length; i++) {
      if (!Float.isFinite(futureCovariates[i])) {
        throw new IllegalArgumentException(
            "must be finite: futureCovariates[step %d][covariate %d]=%s"
                .formatted(i / width, i % width, futureCovariates[i]));
      }
    }
  }

  /**
   * Copies one context as the forecaster sees it, that is filled; copies nothing for a forecaster
   * that is given patches.
   *
   * @param destination receives {@code [time][channel]} from index 0
   */
  public void context(int row, float[] destination) {
    input(TensorRole.CONTEXT, row, destination);
  }

  /**
   * Copies what the forecaster sees of one window at one of its inputs; copies nothing at an input
   * that it does not have.
   *
   * @param destination receives {@link ForecasterSpec#size} values, row-major, from index 0
   */
  public void input(TensorRole role, int row, float[] destination) {
    Rows rows = inputs.get(role);
    if (rows != null) {
      rows.get(row, destination);
    }
  }

  public String series(int row) {
    return series[row];
  }

  /** The time of the last context cell in epoch milliseconds. */
  public long originMillis(int row) {
    return originMillis[row];
  }

  public long stepMillis(int row) {
    return stepMillis[row];
  }

  /** Copies every input of one window to where it runs by itself, so many times. */
  public void copyAside(int row, int copies) {
    for (Rows rows : allInputs) {
      for (int copy = 0; copy < copies; copy++) {
        rows.copyAside(row, copy);
      }
    }
  }

  /**
   * Returns the rows of an input.
   *
   * @throws IllegalArgumentException if the forecaster has no such input
   */
  public Rows rows(TensorRole role) {
    Rows rows = inputs.get(role);
    if (rows == null) {
      throw new IllegalArgumentException(
          "must be among the inputs " + inputs.keySet() + ": role=" + role);
    }
    return rows;
  }
}
