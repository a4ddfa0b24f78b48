package io.tidecast.flink.hindsight;

import io.tidecast.flink.record.Issuer;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the channels of a series that a model's targets are: by their names, or where neither has
 * names, by their order, if there are as many.
 *
 * @param names of what a series observes, in order; empty where they have none
 * @param count of what a series observes
 */
public record TargetChannels(List<String> names, int count) implements Serializable {

  private static final int[] NOT_FOUND = {};

  public TargetChannels {
    names = List.copyOf(names);
  }

  /**
   * The channels that a model's targets are.
   *
   * @return {@code [target]}, the number of its channel; empty where what the model forecasts is
   *     nothing that the series observe
   */
  public int[] of(Issuer issuer) {
    if (names.isEmpty() || issuer.targets().length == 0 || count == 1) {
      return issuer.channels() == count ? IntStream.range(0, count).toArray() : NOT_FOUND;
    }
    int[] found = new int[issuer.channels()];
    for (int i = 0; i < found.length; i++) {
      found[i] = names.indexOf(issuer.targets()[i]);
      if (found[i] < 0) {
        return NOT_FOUND;
      }
    }
    return found;
  }

  /**
   * What a target is called in records: its name, or its number where it has none.
   *
   * @param targets {@code [target]}, the channel of each
   * @param channel one of them
   */
  public String name(int[] targets, int channel) {
    return channel < names.size() ? names.get(channel) : String.valueOf(indexOf(targets, channel));
  }

  private static int indexOf(int[] targets, int channel) {
    int index = 0;
    while (targets[index] != channel) {
      index++;
    }
    return index;
  }
}
