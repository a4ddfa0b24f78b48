package io.tidecast.flink.hindsight;

import java.util.Arrays;

/**
 * The cells of a series that wait for their turn, oldest first. They lie in arrays of numbers: a
 * series lives for long, and an object less in it for each cell is one less that the garbage
 * collector follows. One thread.
 */
final class CellRing {

  /** Mostly one cell waits, until its own forecast is here. */
  private static final int ROOM = 2;

  /** Room for more is given back once nothing waits. */
  private static final int MOST_KEPT_ROOM = 16;

  private final int channels;
  private long[] readyMillis;
  private long[] numbers;

  /** {@code [place][channel]}. */
  private double[] values;

  private int first;
  private int size;

  /**
   * A ring without cells.
   *
   * @param channels of each cell
   */
  CellRing(int channels) {
    this.channels = channels;
    this.readyMillis = new long[ROOM];
    this.numbers = new long[ROOM];
    this.values = new double[ROOM * channels];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * Adds a cell.
   *
   * @param cellValues {@code [channel]}; copied
   */
  void add(long ready, long number, double[] cellValues) {
    if (size == numbers.length) {
      grow();
    }
    int place = place(size++);
    readyMillis[place] = ready;
    numbers[place] = number;
    System.arraycopy(cellValues, 0, values, place * channels, channels);
  }

  private void grow() {
    long[] oldReady = readyMillis;
    long[] oldNumbers = numbers;
    double[] oldValues = values;
    int room = oldNumbers.length;
    int from = first;
    makeRoom(2 * room);
    for (int i = 0; i < size; i++) {
      int old = (from + i) % room;
      readyMillis[i] = oldReady[old];
      numbers[i] = oldNumbers[old];
      System.arraycopy(oldValues, old * channels, values, i * channels, channels);
    }
    first = 0;
  }

  private void makeRoom(int room) {
    readyMillis = new long[room];
    numbers = new long[room];
    values = new double[room * channels];
  }

  private int place(int index) {
    int place = first + index;
    return place < numbers.length ? place : place - numbers.length;
  }

  /** When a cell has its turn, by its place in the order. */
  long readyMillis(int index) {
    return readyMillis[place(index)];
  }

  /** The number of a cell, by its place in the order. */
  long number(int index) {
    return numbers[place(index)];
  }

  /** The values of a cell, by its place in the order; a copy. */
  double[] values(int index) {
    int from = place(index) * channels;
    return Arrays.copyOfRange(values, from, from + channels);
  }

  /** Takes the oldest cell out. */
  void remove() {
    first = place(1);
    size--;
    if (size == 0 && numbers.length > MOST_KEPT_ROOM) {
      first = 0;
      makeRoom(ROOM);
    }
  }
}
