package io.tidecast.flink.source;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;

/**
 * The series that the channels of one record belong to: each to that of the record, followed by the
 * separator and its own name.
 *
 * @param names one per channel, in the order of the values
 */
public record ChannelSeries(List<String> names, String separator) implements Serializable {

  public ChannelSeries {
    names = List.copyOf(names);
    requireNonNull(separator, "separator is null");
    if (names.isEmpty()) {
      throw new IllegalArgumentException("must not be empty: names=[]");
    }
  }

  String suffix(int channel) {
    return separator + names.get(channel);
  }

  int longestSuffix() {
    return separator.length() + names.stream().mapToInt(String::length).max().orElseThrow();
  }
}
