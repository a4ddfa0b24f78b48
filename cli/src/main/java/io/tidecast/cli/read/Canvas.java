package io.tidecast.cli.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Dots on a grid of characters. With braille a character has 2 by 4 dots, in ASCII it is one. One
 * thread uses it.
 */
final class Canvas {

  private static final int BRAILLE = 0x2800;

  /** The bit of each dot of a braille character, by its row and column. */
  private static final int[][] BITS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

  private final boolean ascii;
  private final int[][] cells;
  private final boolean[][] shaded;

  /**
   * @param columns of characters
   * @param rows of characters
   */
  Canvas(int columns, int rows, boolean ascii) {
    this.ascii = ascii;
    this.cells = new int[rows][columns];
    this.shaded = new boolean[rows][columns];
  }

  /** Dots from left to right. */
  int width() {
    return cells[0].length * (ascii ? 1 : 2);
  }

  /** Dots from bottom to top. */
  int height() {
    return cells.length * (ascii ? 1 : 4);
  }

  /** Puts a dot; the first is at the left, at the bottom. */
  void dot(int x, int y) {
    int fromTop = height() - 1 - y;
    if (ascii) {
      cells[fromTop][x] = '*';
    } else {
      cells[fromTop / 4][x / 2] |= BITS[fromTop % 4][x % 2];
    }
  }

  /** Shades what is behind the dots of a column, from one height to another. */
  void shade(int x, int fromY, int toY) {
    for (int y = fromY; y <= toY; y++) {
      int fromTop = height() - 1 - y;
      shaded[ascii ? fromTop : fromTop / 4][ascii ? x : x / 2] = true;
    }
  }

  /** The lines from top to bottom. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < cells.length; row++) {
      char[] line = new char[cells[row].length];
      Arrays.fill(line, ' ');
      for (int column = 0; column < line.length; column++) {
        if (cells[row][column] != 0) {
          line[column] = (char) (ascii ? cells[row][column] : BRAILLE + cells[row][column]);
        } else if (shaded[row][column]) {
          line[column] = ascii ? ':' : '\u2591';
        }
      }
      lines.add(new String(line).stripTrailing());
    }
    return lines;
  }
}
