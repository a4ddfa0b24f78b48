package io.tidecast.evaluation.backtest;

/** Text inside a page. */
final class Html {

  private Html() {}

  /** Returns a text that a browser shows as it is. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
