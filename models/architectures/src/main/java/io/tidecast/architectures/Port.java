package io.tidecast.architectures;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor that enters or leaves a network.
 *
 * @param role what it is for
 * @param shape lengths of its axes, -1 for the batch
 */
public record Port(Role role, List<Long> shape) {

  /** Makes a port of the given axes, -1 for the batch. */
  public static Port of(Role role, long... shape) {
    return new Port(role, Arrays.stream(shape).boxed().toList());
  }

  public long[] lengths() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
