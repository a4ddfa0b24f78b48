package io.tidecast.flink.format.field;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Says how the bytes of records, and texts in them, are encoded.
 *
 * @param key null for text that cannot be taken for something else
 * @param decimalScale digits after the point of numbers that are the base64 of a whole number's
 *     bytes; null where the record says so itself, or has none
 */
public record Encodings(
    ValueEncoding value, @Nullable KeyFormat key, @Nullable Integer decimalScale)
    implements Serializable {

  /** Everything is as it seems. */
  public static final Encodings PLAIN = new Encodings(ValueEncoding.NONE, null, null);

  public Encodings {
    requireNonNull(value, "value is null");
  }

  /** Says what is around the bytes of a value. */
  public enum ValueEncoding {
    NONE,
    BASE64,
    GZIP
  }
}
