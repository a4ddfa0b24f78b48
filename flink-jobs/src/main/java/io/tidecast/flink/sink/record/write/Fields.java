package io.tidecast.flink.sink.record.write;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the fields of a record one after another, in the order of its schema. What they become is a
 * matter of the format; formats that know fields by their order alone look at no name.
 *
 * <p>Optional fields take null.
 */
public interface Fields {

  void text(String name, String value) throws IOException;

  /**
   * As {@link #text(String, String)}, for a text whose bytes are there.
   *
   * @param utf8 the same text
   */
  default void text(String name, String value, byte[] utf8) throws IOException {
    text(name, value);
  }

  /**
   * As {@link #text(String, String)}, for a field that came after the first version of a record;
   * formats that have their schema beside it say what holds without it.
   *
   * @param before what is meant where the field is not there
   */
  default void laterText(String name, String value, String before) throws IOException {
    text(name, value);
  }

  void optionalText(String name, @Nullable String value) throws IOException;

  void time(String name, long epochMillis) throws IOException;

  void optionalTime(String name, @Nullable Long epochMillis) throws IOException;

  void whole(String name, int value) throws IOException;

  void whole(String name, long value) throws IOException;

  void optionalWhole(String name, @Nullable Integer value) throws IOException;

  void optionalWhole(String name, @Nullable Long value) throws IOException;

  void number(String name, double value) throws IOException;

  void optionalNumber(String name, @Nullable Double value) throws IOException;

  void flag(String name, boolean value) throws IOException;

  /**
   * Takes bytes of somebody else's.
   *
   * @param max bytes that the field may take; a format that writes them longer cuts them more
   */
  void optionalBytes(String name, byte @Nullable [] value, int max) throws IOException;

  void texts(String name, String[] values) throws IOException;

  /**
   * Takes a list of numbers.
   *
   * @param count of them, the first of {@code values}, which stay the caller's
   */
  void numbers(String name, double[] values, int count) throws IOException;
}
