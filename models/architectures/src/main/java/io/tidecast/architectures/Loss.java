package io.tidecast.architectures;

/** What training minimises and validation compares, in scaled units. */
public enum Loss {
  /** Mean squared error. */
  MSE,
  /** Mean absolute error. */
  MAE
}
