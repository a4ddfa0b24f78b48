package io.tidecast.flink.format.field;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.text.DecimalText;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what a field must be for a record, or an element of one, to be asked for. */
public record Condition(FieldPath path, Test test) implements Serializable {

  public Condition {
    requireNonNull(path, "path is null");
    requireNonNull(test, "test is null");
  }

  /** Decides by what is found in a field. */
  public sealed interface Test extends Serializable {

    /**
     * @param found a {@link Number}, {@link String}, {@link Boolean}, something with parts, or null
     *     where there is nothing
     */
    boolean holds(@Nullable Object found);
  }

  /** The field is there and not null, or it is not. */
  public record Exists(boolean there) implements Test {

    @Override
    public boolean holds(@Nullable Object found) {
      return there == (found != null);
    }
  }

  /**
   * The field is one of these. Numbers are equal by their value, also where one of the two is
   * written as text; everything else is by its text.
   */
  public record In(List<Object> values) implements Test {

    public In {
      values = List.copyOf(values);
    }

    @Override
    public boolean holds(@Nullable Object found) {
      if (found == null) {
        return false;
      }
      for (Object value : values) {
        if (equal(value, found)) {
          return true;
        }
      }
      return false;
    }

    private static boolean equal(Object value, Object found) {
      if (value.equals(found)) {
        return true;
      }
      if (value instanceof String && found instanceof String) {
        return false;
      }
      BigDecimal number = number(value);
      BigDecimal other = number(found);
      return number != null && other != null
          ? number.compareTo(other) == 0
          : isScalar(found) && value.toString().equals(found.toString());
    }

    private static @Nullable BigDecimal number(Object value) {
      boolean spelt =
          value instanceof Number || (value instanceof String text && DecimalText.isDecimal(text));
      String text = value.toString();
      try {
        return spelt && DecimalText.isDecimal(text) ? new BigDecimal(text) : null;
      } catch (NumberFormatException e) {
        return null; // Its exponent is beyond any.
      }
    }
  }

  /** An expression matches the whole of the field, of which a number counts as its text. */
  public record Matches(Pattern pattern) implements Test {

    @Override
    public boolean holds(@Nullable Object found) {
      return found != null && isScalar(found) && pattern.matcher(found.toString()).matches();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Matches matches
          && matches.pattern.pattern().equals(pattern.pattern());
    }

    @Override
    public int hashCode() {
      return pattern.pattern().hashCode();
    }
  }

  private static boolean isScalar(Object found) {
    return found instanceof String || found instanceof Number || found instanceof Boolean;
  }
}
