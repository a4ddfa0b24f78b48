package io.tidecast.flink.record;

import io.tidecast.schemas.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter to be.
 *
 * @param detail what was required and what was found
 * @param source of the rejected record; null for a failed forecast
 * @param series null when not known
 * @param timeMillis of the observation, or the origin of the failed forecast; null when not known
 * @param passed headers of what a failed forecast comes of, as {@link PassedHeaders} packs them;
 *     null for none; not copied
 */
public record Rejection(
    ErrorCode code,
    String detail,
    @Nullable RecordOrigin source,
    @Nullable String series,
    @Nullable Long timeMillis,
    long rejectedAtMillis,
    byte @Nullable [] passed) {

  public static final int MAX_KEY_BYTES = 1024;
  static final int MAX_DETAIL_CHARS = 1024;

  public Rejection {
    if (detail.length() > MAX_DETAIL_CHARS) {
      // Not between the two halves of one character, which are no text.
      boolean half = Character.isHighSurrogate(detail.charAt(MAX_DETAIL_CHARS - 1));
      detail = detail.substring(0, half ? MAX_DETAIL_CHARS - 1 : MAX_DETAIL_CHARS);
    }
  }

  /** Of a record. */
  public Rejection(
      ErrorCode code,
      String detail,
      @Nullable RecordOrigin source,
      @Nullable String series,
      @Nullable Long timeMillis,
      long rejectedAtMillis) {
    this(code, detail, source, series, timeMillis, rejectedAtMillis, null);
  }

  /** Rejects a record that is no good observation. */
  public static Rejection of(ErrorCode code, String detail, RecordOrigin source, long nowMillis) {
    return new Rejection(code, detail, source, null, null, nowMillis);
  }

  /** The same with what is known of the observation. */
  public Rejection about(@Nullable String knownSeries, @Nullable Long knownTimeMillis) {
    return new Rejection(
        code, detail, source, knownSeries, knownTimeMillis, rejectedAtMillis, passed);
  }

  /** Rejects an observation that came too late. */
  public static Rejection of(
      ErrorCode code, String detail, Measurement measurement, long nowMillis) {
    return new Rejection(
        code,
        detail,
        measurement.source(),
        measurement.series(),
        measurement.timeMillis(),
        nowMillis);
  }

  /** Rejects a request for a forecast that cannot be made. */
  public static Rejection of(
      ErrorCode code, String detail, ForecastRequest request, long nowMillis) {
    return new Rejection(code, detail, request.source(), request.series(), null, nowMillis);
  }

  /** Rejects a forecast that could not be made. */
  public static Rejection of(ErrorCode code, String detail, ForecastTask task, long nowMillis) {
    return new Rejection(
        code, detail, null, task.series(), task.originMillis(), nowMillis, task.passed());
  }
}
