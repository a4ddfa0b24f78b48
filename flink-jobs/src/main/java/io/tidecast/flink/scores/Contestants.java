package io.tidecast.flink.scores;

import io.tidecast.flink.hindsight.TargetChannels;
import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.scores.Contestant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows the models whose forecasts come, by who signs them. One thread. */
final class Contestants {

  /** Models come and go; those of a job are few at any time. */
  private static final int MOST_KNOWN = 256;

  /** A forecast comes over the network with an issuer of its own, that is like the others. */
  private record Known(Issuer issuer, Contestant by) {}

  private final TargetChannels channels;
  private final List<Known> known = new ArrayList<>();

  Contestants(TargetChannels channels) {
    this.channels = channels;
  }

  /** Returns null where what the model forecasts is nothing that the series observes. */
  @Nullable Contestant of(Issuer issuer) {
    for (Known one : known) {
      if (one.issuer.isLike(issuer)) {
        return one.by;
      }
    }
    int[] targets = channels.of(issuer);
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
}
