package io.tidecast.flink.model;

/** What a forecast of a series is for. */
public enum ForecastRole {
  /** The forecast that the series is given. Each window has exactly one, or a dead letter. */
  PRIMARY("primary"),
  /** A forecast beside it, of a model that is tried on live data. It never delays the primary. */
  SHADOW("shadow"),
  /** A forecast that the primary is mixed from. The primary waits for it. */
  MEMBER("member");

  private final String text;

  ForecastRole(String text) {
    this.text = text;
  }

  /**
   * The role of a name.
   *
   * @throws IllegalStateException if none is called so
   */
  public static ForecastRole of(String text) {
    for (ForecastRole role : values()) {
      if (role.text.equals(text)) {
        return role;
      }
    }
    throw new IllegalStateException("must be the name of a role: " + text);
  }

  /** What records of every format call it. */
  public String text() {
    return text;
  }
}
