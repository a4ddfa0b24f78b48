package io.tidecast.architectures;

/** What training minimises and validation compares, in scaled units. */
public enum Loss {
  /** The mean squared error, which punishes large errors most. */
  MSE,
  /** The mean absolute error. */
  MAE
}
