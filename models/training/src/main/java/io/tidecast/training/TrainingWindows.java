package io.tidecast.training;

import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.data.Split;
import org.jspecify.annotations.Nullable;

/**
 * Windows to learn from and to choose the epoch by: a context and what followed, in the units that
 * the network learns in. Pure: the same window has the same values however often it is asked for.
 */
public interface TrainingWindows {

  /** Tells one set of windows from another in a checkpoint. */
  String identity();

  /** The number of values per step. */
  int channels();

  /** The number of windows that one epoch of a part has. */
  int count(Split.Part part);

  /** The scaler whose units they are in; null for raw units. */
  @Nullable Scaler scaler();

  /**
   * One window.
   *
   * @param epoch counted from 0; other windows in every epoch are allowed
   * @param values filled with {@code [step][channel]}
   * @param timeFeatures filled with {@code [step][feature]}; empty where none are wanted
   */
  void copy(Split.Part part, int epoch, int window, float[] values, float[] timeFeatures);
}
