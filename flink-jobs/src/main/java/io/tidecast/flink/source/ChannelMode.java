package io.tidecast.flink.source;

/** Whether the channels of a series are forecast together. */
public enum ChannelMode {
  /** They are one series of as many channels, on one grid. */
  JOINT,
  /** Each is a series of its own, forecast by a model of one channel. */
  INDEPENDENT
}
