package io.tidecast.graph;

/** Text of a file as a message may show it: short, and without what would move a terminal. */
public final class Shown {

  private static final int MOST = 100;

  private Shown() {}

  /** Replaces what cannot be printed and cuts what is long. */
  public static String of(String text) {
    return of(text, MOST);
  }

  /** Replaces what cannot be printed and cuts after so many characters. */
  public static String of(String text, int most) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(most).forEach(c -> shown.appendCodePoint(isPrintable(c) ? c : '?'));
    return text.codePointCount(0, text.length()) > most ? shown + "…" : shown.toString();
  }

  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
