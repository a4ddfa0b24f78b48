package io.tidecast.runtime.text;

/** Says what stands between groups of three digits. */
public enum Thousands {
  NONE,
  POINT,
  COMMA,
  /** A space of any width stands there, also one at which no line is broken. */
  SPACE,
  /** A straight or a round apostrophe stands there. */
  APOSTROPHE;

  /** Tells whether a character is one of those that stand there. */
  boolean matches(char mark) {
    return switch (this) {
      case NONE -> false;
      case POINT -> mark == '.';
      case COMMA -> mark == ',';
      case SPACE -> NumberMarks.isSpace(mark);
      case APOSTROPHE -> mark == '\'' || mark == '\u2019';
    };
  }
}
