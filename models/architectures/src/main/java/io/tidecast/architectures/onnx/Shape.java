package io.tidecast.architectures.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lengths of the axes of a value in a graph that is being recorded. One of them may depend on
 * the batch.
 *
 * @param axes from the outermost to the innermost; none for a scalar
 */
record Shape(List<Axis> axes) {

  /** Copies the list. */
  Shape {
    axes = List.copyOf(axes);
    if (axes.stream().filter(axis -> axis.parts() > 0).count() > 1) {
      throw new IllegalArgumentException("one axis alone may depend on the batch: shape=" + axes);
    }
  }

  /**
   * The length of one axis.
   *
   * @param size the length, or by what the batch is multiplied
   * @param parts by what that is divided; 0 where the length does not depend on the batch
   */
  record Axis(long size, long parts) {
    static final Axis ONE = new Axis(1, 0);

    static Axis fixed(long length) {
      if (length < 0) {
        throw new IllegalArgumentException("a length must not be negative: length=" + length);
      }
      return new Axis(length, 0);
    }

    /** The length that a port has, where -1 is the batch. */
    static Axis of(long length) {
      return length == -1 ? new Axis(1, 1) : fixed(length);
    }

    boolean ofBatch() {
      return parts > 0;
    }

    /** How a graph spells a length that depends on the batch. */
    String symbol() {
      return "batch" + (size == 1 ? "" : "*" + size) + (parts == 1 ? "" : "/" + parts);
    }

    @Override
    public String toString() {
      return ofBatch() ? symbol() : Long.toString(size);
    }
  }

  /** Makes a shape of lengths, -1 for the batch. */
  static Shape of(long... lengths) {
    return new Shape(Arrays.stream(lengths).mapToObj(Axis::of).toList());
  }

  /** Whether these are its lengths, where -1 is any that depends on the batch. */
  boolean isAs(long... lengths) {
    return Arrays.equals(lengths, target());
  }

  int rank() {
    return axes.size();
  }

  /** The place of an axis that may be counted from the end. */
  int place(int axis) {
    int place = axis < 0 ? axis + rank() : axis;
    if (place < 0 || place >= rank()) {
      throw new IllegalArgumentException("no such axis: axis=" + axis + ", shape=" + this);
    }
    return place;
  }

  Axis axis(int axis) {
    return axes.get(place(axis));
  }

  /** The same with another length of one axis. */
  Shape with(int axis, Axis length) {
    return replaced(axis, List.of(length));
  }

  /** The same with an axis replaced by others. */
  Shape replaced(int axis, List<Axis> by) {
    int place = place(axis);
    List<Axis> result = new ArrayList<>(axes.subList(0, place));
    result.addAll(by);
    result.addAll(axes.subList(place + 1, rank()));
    return new Shape(result);
  }

  Shape permuted(int... order) {
    if (order.length != rank()) {
      throw new IllegalArgumentException(
          "every axis must have a new place: order=" + Arrays.toString(order) + ", shape=" + this);
    }
    return new Shape(Arrays.stream(order).mapToObj(this::axis).toList());
  }

  /** The shape of the same elements, where -1 is inferred. */
  Shape reshaped(long... lengths) {
    Axis all = elements();
    long stated = Arrays.stream(lengths).filter(length -> length != -1).reduce(1, (a, b) -> a * b);
    List<Axis> result = new ArrayList<>();
    for (long length : lengths) {
      result.add(length == -1 ? divided(all, stated) : Axis.fixed(length));
    }
    Shape shape = new Shape(result);
    if (!shape.elements().equals(all)) {
      throw new IllegalArgumentException(
          "as many elements must have another shape: %s to %s".formatted(this, shape));
    }
    return shape;
  }

  /** The same elements in rows of the last axis. */
  Shape rows() {
    return new Shape(List.of(divided(elements(), axis(-1).size()), axis(-1)));
  }

  /** What a reshape to this shape is told: -1 for what depends on the batch. */
  long[] target() {
    return axes.stream().mapToLong(axis -> axis.ofBatch() ? -1 : axis.size()).toArray();
  }

  /** How many elements there are, spelled as a length. */
  private Axis elements() {
    long size = 1;
    long parts = 0;
    for (Axis axis : axes) {
      size = Math.multiplyExact(size, axis.size());
      parts = Math.max(parts, axis.parts());
    }
    return parts == 0 ? Axis.fixed(size) : reduced(size, parts);
  }

  private static Axis divided(Axis length, long by) {
    if (length.ofBatch()) {
      return reduced(length.size(), Math.multiplyExact(length.parts(), by));
    }
    if (by == 0 || length.size() % by != 0) {
      throw new IllegalArgumentException(
          "elements must fill whole rows: elements=" + length + ", row=" + by);
    }
    return Axis.fixed(length.size() / by);
  }

  private static Axis reduced(long size, long parts) {
    long common = gcd(size, parts);
    return new Axis(size / common, parts / common);
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** The shape of what is made of two tensors element by element, as numpy broadcasts them. */
  Shape broadcast(Shape other) {
    int rank = Math.max(rank(), other.rank());
    List<Axis> result = new ArrayList<>();
    for (int i = rank; i > 0; i--) {
      Axis a = i > rank() ? Axis.ONE : axis(-i);
      Axis b = i > other.rank() ? Axis.ONE : other.axis(-i);
      if (!a.equals(b) && !a.equals(Axis.ONE) && !b.equals(Axis.ONE)) {
        throw new IllegalArgumentException(
            "shapes must be the same or 1: %s and %s".formatted(this, other));
      }
      result.add(a.equals(Axis.ONE) ? b : a);
    }
    return new Shape(result);
  }

  /** The shape of the product of matrices, which both have at least two axes. */
  Shape times(Shape other) {
    if (rank() < 2 || other.rank() < 2 || !axis(-1).equals(other.axis(-2))) {
      throw new IllegalArgumentException(
          "matrices must fit each other: %s times %s".formatted(this, other));
    }
    Shape before = new Shape(axes.subList(0, rank() - 2));
    Shape ofOther = new Shape(other.axes.subList(0, other.rank() - 2));
    List<Axis> result = new ArrayList<>(before.broadcast(ofOther).axes);
    result.add(axis(-2));
    result.add(other.axis(-1));
    return new Shape(result);
  }

  @Override
  public String toString() {
    return axes.toString();
  }
}
