package io.tidecast.flink.scores;

import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.scores.Contestant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the channels of a series that a model's targets are: by their names, or where neither has
 * names, by their order, if there are as many. One thread.
 */
final class Contestants {

  private static final int[] NOT_FOUND = {};

  /** Models come and go; those of a job are few at any time. */
  private static final int MOST_KNOWN = 256;

  /** A forecast comes over the network with an issuer of its own, that is like the others. */
  private record Known(Issuer issuer, Contestant by) {

    boolean is(Issuer other) {
      return issuer.modelId().equals(other.modelId())
          && issuer.modelVersion().equals(other.modelVersion())
          && issuer.channels() == other.channels()
          && Arrays.equals(issuer.targets(), other.targets())
          && Arrays.equals(issuer.levels(), other.levels());
    }
  }

  private final List<String> names;
  private final int channels;
  private final List<Known> known = new ArrayList<>();

  Contestants(List<String> names, int channels) {
    this.names = names;
    this.channels = channels;
  }

  /** Returns null where what the model forecasts is nothing that the series observes. */
  @Nullable Contestant of(Issuer issuer) {
    for (Known one : known) {
      if (one.is(issuer)) {
        return one.by;
      }
    }
    int[] targets = channels(issuer);
    if (targets.length == 0) {
      return null;
    }
    Contestant found =
        new Contestant(issuer.modelId(), issuer.modelVersion(), targets, issuer.levels());
    if (known.size() == MOST_KNOWN) {
      known.remove(0);
    }
    known.add(new Known(issuer, found));
    return found;
  }

  private int[] channels(Issuer issuer) {
    if (names.isEmpty() || issuer.targets().length == 0 || channels == 1) {
      return issuer.channels() == channels ? IntStream.range(0, channels).toArray() : NOT_FOUND;
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

  /** What a target is called in records. */
  String target(Contestant by, int channel) {
    return channel < names.size() ? names.get(channel) : String.valueOf(indexOf(by, channel));
  }

  private static int indexOf(Contestant by, int channel) {
    int index = 0;
    while (by.channels()[index] != channel) {
      index++;
    }
    return index;
  }
}
