package io.tidecast.runtime.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Says how an input counts places in the calendar. */
public enum CalendarNumbers {
  /** Within [-0.5, 0.5], as {@link CalendarFeature} says. */
  @JsonProperty("centred")
  CENTRED,

  /**
   * As a calendar does, and pandas: hours 0 to 23, days of the week 0 to 6 from Monday on, days of
   * the month from 1 on, months 1 to 12.
   */
  @JsonProperty("calendar")
  CALENDAR,

  /** All from 0 on, so months 0 to 11, as embeddings are looked up. */
  @JsonProperty("from_zero")
  FROM_ZERO
}
