package io.tidecast.cli.console;

/** Sentences that say what was required and what was found. */
public final class Requirements {

  private Requirements() {}

  /**
   * What a sentence requires, without what was found: all that stands before the colon, which is
   * the same for all that are wrong in the same way.
   */
  public static String of(String sentence) {
    int colon = sentence.indexOf(':');
    return colon < 0 ? sentence : sentence.substring(0, colon);
  }
}
