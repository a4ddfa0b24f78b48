package io.tidecast.flink.model;

/** What a forecast of a series is for. */
public enum ForecastRole {
  /** The forecast that the series is given. Each window has exactly one, or a dead letter. */
  PRIMARY("primary"),
  /** A forecast beside it, of a model that is tried on live data. It never delays the primary. */
  SHADOW("shadow");

  private final String text;

  ForecastRole(String text) {
    this.text = text;
  }

  /** What records of every format call it. */
  public String text() {
    return text;
  }
}
