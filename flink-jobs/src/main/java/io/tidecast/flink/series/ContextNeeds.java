package io.tidecast.flink.series;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.SeriesRoute;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the models of a job need of a series: each series is as old and as whole as the model asks
 * for that answers it, whatever the others take.
 *
 * @param cells of every window, as many as the longest need
 * @param byDefault of the series that no route is there for
 * @param routed in order: the first whose route matches a series holds
 */
public record ContextNeeds(int cells, ContextNeed byDefault, List<Routed> routed)
    implements Serializable {

  /** What is needed of the series of a route. */
  public record Routed(SeriesRoute route, ContextNeed need) implements Serializable {

    public Routed {
      requireNonNull(route, "route is null");
      requireNonNull(need, "need is null");
    }
  }

  public ContextNeeds {
    routed = List.copyOf(routed);
    for (ContextNeed need : (Iterable<ContextNeed>) all(byDefault, routed)::iterator) {
      if (need.contextLength() > cells) {
        throw new IllegalArgumentException(
            "must be at least %d: cells=%d".formatted(need.contextLength(), cells));
      }
    }
  }

  /** Of one model for every series, and no more cells than it takes. */
  public static ContextNeeds of(ColdStart coldStart, int contextLength, int seasonCells) {
    return new ContextNeeds(
        contextLength,
        new ContextNeed(contextLength, coldStart.minContext(contextLength), seasonCells),
        List.of());
  }

  /** All of them, that of no route first. */
  List<ContextNeed> all() {
    return all(byDefault, routed).toList();
  }

  private static Stream<ContextNeed> all(ContextNeed byDefault, List<Routed> routed) {
    return Stream.concat(Stream.of(byDefault), routed.stream().map(Routed::need));
  }

  /** Where the need of a series is among {@link #all}. */
  int indexOf(String series, @Nullable String group) {
    for (int i = 0; i < routed.size(); i++) {
      if (routed.get(i).route().matches(series, group)) {
        return i + 1;
      }
    }
    return 0;
  }

  /** What is needed of a series. */
  public ContextNeed of(String series, @Nullable String group) {
    int index = indexOf(series, group);
    return index == 0 ? byDefault : routed.get(index - 1).need();
  }

  /** Whether the group of a series makes a difference. */
  boolean goByGroup() {
    return routed.stream().anyMatch(one -> one.route().group() != null);
  }
}
