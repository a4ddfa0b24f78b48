package io.tidecast.flink.format.field;

import io.tidecast.schemas.ErrorCode;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Says why a record is no good observation. It has no stack trace, for there is one for every bad
 * record.
 */
public final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** A found value is cut to this. The whole record is in the dead letter. */
  private static final int MAX_SHOWN_CHARS = 100;

  public final ErrorCode code;

  private final Known known;
  private final boolean noPlace;

  /** What is known of the observation. */
  private record Known(@Nullable String series, @Nullable Long timeMillis) implements Serializable {

    private static final Known NOTHING = new Known(null, null);
  }

  public RefusedException(ErrorCode code, String message) {
    this(code, message, Known.NOTHING, false);
  }

  private RefusedException(ErrorCode code, String message, Known known, boolean noPlace) {
    super(message, null, false, false);
    this.code = code;
    this.known = known;
    this.noPlace = noPlace;
  }

  /** Says that a record was read, and has no place for a field. */
  static RefusedException noPlace(String message) {
    return new RefusedException(ErrorCode.INVALID_FIELD, message, Known.NOTHING, true);
  }

  /** Whether the record has no place for the field, and is not one that cannot be read. */
  public boolean isOfNoPlace() {
    return noPlace;
  }

  /**
   * Says the same of an observation of which something is known.
   *
   * @param knownSeries as it was read, checked by nobody; null when not known
   * @param knownTimeMillis null when not known
   */
  public RefusedException about(@Nullable String knownSeries, @Nullable Long knownTimeMillis) {
    return new RefusedException(
        code, getMessage(), new Known(knownSeries, knownTimeMillis), noPlace);
  }

  /** Returns the series of the observation as it was read, checked by nobody; null when unknown. */
  public @Nullable String series() {
    return known.series();
  }

  /** Returns the time of the observation; null when unknown. */
  public @Nullable Long timeMillis() {
    return known.timeMillis();
  }

  /** Returns why, as a sentence for people. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /**
   * Says that a field is not what the mapping says.
   *
   * @param path of the field
   * @param expected ends the sentence "must be"
   * @param found a {@link Number}, {@link Boolean}, {@link String}, or something with parts
   */
  public static RefusedException field(Object path, String expected, Object found) {
    return field(ErrorCode.INVALID_FIELD, path, expected, found);
  }

  /** Says the same for a reason of its own. */
  public static RefusedException field(ErrorCode code, Object path, String expected, Object found) {
    String shown = "something with parts";
    if (found instanceof String text) {
      shown = "\"%s\"".formatted(text.substring(0, Math.min(text.length(), MAX_SHOWN_CHARS)));
    } else if (found instanceof Number || found instanceof Boolean) {
      shown = found.toString();
    }
    return new RefusedException(code, "field must be %s: %s=%s".formatted(expected, path, shown));
  }

  /** Says the same, with what is known besides. */
  public RefusedException with(String more) {
    return new RefusedException(code, getMessage() + more, known, noPlace);
  }

  public static RefusedException missing(FieldPath path) {
    return new RefusedException(
        ErrorCode.MISSING_FIELD, "field must be there and not null: " + path);
  }

  /**
   * Says that a field holds a word for a missing value.
   *
   * @param key the setting that says what becomes of such values
   */
  public static RefusedException missingWord(FieldPath path, Object found, String key) {
    return new RefusedException(
        ErrorCode.MISSING_FIELD,
        "field must have a value where %s is dead-letter: %s=%s"
            .formatted(key, path, found instanceof String ? "\"" + found + "\"" : found));
  }

  /** Says that a value is not finite, or not any more as a 32-bit float. */
  public static RefusedException notFinite(String name, double found) {
    return new RefusedException(
        ErrorCode.NON_FINITE_VALUE,
        "value must be finite as a 32-bit float: %s=%s".formatted(name, found));
  }
}
