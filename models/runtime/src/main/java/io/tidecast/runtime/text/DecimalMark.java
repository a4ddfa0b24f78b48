package io.tidecast.runtime.text;

/** Says what stands before the decimals of a number. */
public enum DecimalMark {
  POINT('.'),
  COMMA(',');

  final char character;

  DecimalMark(char character) {
    this.character = character;
  }
}
