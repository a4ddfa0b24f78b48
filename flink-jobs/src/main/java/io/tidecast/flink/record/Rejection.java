package io.tidecast.flink.record;

import io.tidecast.schemas.ErrorCode;
import java.util.Arrays;

/**
 * A dead letter to be.
 *
 * @param detail what was required and what was found
 * @param source the rejected record, key and value cut to what a dead letter may hold; null for a
 *     failed forecast
 * @param keyLength of the key before it was cut, bytes
 * @param valueLength of the value before it was cut, bytes
 * @param series null when not known
 * @param timeMillis of the observation, or the origin of the failed forecast; null when not known
 */
public record Rejection(
    ErrorCode code,
    String detail,
    SourceRecord source,
    long keyLength,
    long valueLength,
    String series,
    Long timeMillis,
    long rejectedAtMillis) {

  public static final int MAX_KEY_BYTES = 1024;
  static final int MAX_DETAIL_CHARS = 1024;

  public Rejection {
    if (detail.length() > MAX_DETAIL_CHARS) {
      detail = detail.substring(0, MAX_DETAIL_CHARS);
    }
  }

  /** A record that is no good observation. */
  public static Rejection of(
      ErrorCode code, String detail, SourceRecord source, int maxValueBytes, long nowMillis) {
    return of(code, detail, source, null, null, maxValueBytes, nowMillis);
  }

  /** An observation that came too late. */
  public static Rejection of(
      ErrorCode code, String detail, Measurement measurement, int maxValueBytes, long nowMillis) {
    return of(
        code,
        detail,
        measurement.source(),
        measurement.series(),
        measurement.timeMillis(),
        maxValueBytes,
        nowMillis);
  }

  /** A request for a forecast that cannot be made. */
  public static Rejection of(
      ErrorCode code, String detail, ForecastRequest query, int maxValueBytes, long nowMillis) {
    return of(code, detail, query.source(), query.series(), null, maxValueBytes, nowMillis);
  }

  /** A forecast that could not be made. */
  public static Rejection of(ErrorCode code, String detail, ForecastTask request, long nowMillis) {
    return new Rejection(
        code, detail, null, 0, 0, request.series(), request.originMillis(), nowMillis);
  }

  private static Rejection of(
      ErrorCode code,
      String detail,
      SourceRecord source,
      String series,
      Long timeMillis,
      int maxValueBytes,
      long nowMillis) {
    SourceRecord cut =
        new SourceRecord(
            source.topic(),
            source.partition(),
            source.offset(),
            source.timestampMillis(),
            cut(source.key(), MAX_KEY_BYTES),
            cut(source.value(), maxValueBytes));
    return new Rejection(
        code,
        detail,
        cut,
        length(source.key()),
        length(source.value()),
        series,
        timeMillis,
        nowMillis);
  }

  private static byte[] cut(byte[] bytes, int max) {
    return bytes == null || bytes.length <= max ? bytes : Arrays.copyOf(bytes, max);
  }

  private static long length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
