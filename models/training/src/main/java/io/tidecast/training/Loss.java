package io.tidecast.training;

import ai.djl.ndarray.NDArray;

/** What training minimises and validation compares, in scaled units. */
public enum Loss {
  /** Mean squared error. */
  MSE,
  /** Mean absolute error. */
  MAE;

  NDArray of(NDArray forecast, NDArray actual) {
    NDArray error = forecast.sub(actual);
    return switch (this) {
      case MSE -> error.square().mean();
      case MAE -> error.abs().mean();
    };
  }
}
