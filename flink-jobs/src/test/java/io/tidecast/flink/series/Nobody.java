package io.tidecast.flink.series;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Rejection;
import org.jspecify.annotations.Nullable;

/** Is around a series of which only what it counts is looked at. */
final class Nobody implements CellCloser.Host {

  @Override
  public String series() {
    return "a";
  }

  @Override
  public @Nullable String group() {
    return null;
  }

  @Override
  public void ask(ForecastTask request) {}

  @Override
  public void ask(ForecastTask request, long cause) {}

  @Override
  public void reject(Rejection rejection) {}

  @Override
  public boolean watchesCells() {
    return false;
  }

  @Override
  public void closed(long cell, double[] values, boolean correction) {}

  @Override
  public void wakeAt(long millis) {}

  @Override
  public boolean timeGoesOn() {
    return true;
  }
}
