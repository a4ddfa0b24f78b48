package io.tidecast.flink.inference;

import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.record.ForecastTask;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the slots of a series, and remembers those of the series that came last. One thread.
 *
 * <p>There are two maps. When one is full, it takes the place of the other and a new one begins, so
 * that what was not asked for in between is forgotten.
 */
final class SlotRouter {

  private static final int MOST_REMEMBERED = 32_768;

  private final ModelSlots slots;
  private final Map<String, ServedSlot> byName = new HashMap<>();

  /** Null where each series has a route of its own. */
  private final @Nullable Route only;

  private Map<String, Route> recent = new HashMap<>();
  private Map<String, Route> before = new HashMap<>();

  /**
   * The slots of a series.
   *
   * @param group of the series, for which this holds
   * @param primary the one that answers
   * @param shadows those that forecast besides; not to be changed
   * @param members those that the primary is mixed with; not to be changed
   */
  record Route(
      @Nullable String group, ServedSlot primary, ServedSlot[] shadows, ServedSlot[] members) {

    /** Whether any version forecasts besides. */
    boolean hasBeside() {
      if (shadows.length > 0 || primary.beside().length > 0) {
        return true;
      }
      for (ServedSlot member : members) {
        if (member.beside().length > 0) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * @param served one for each of the slots
   */
  SlotRouter(ModelSlots slots, List<ServedSlot> served) {
    this.slots = slots;
    served.forEach(slot -> byName.put(slot.name(), slot));
    this.only =
        served.size() == 1
            ? new Route(null, served.get(0), new ServedSlot[0], new ServedSlot[0])
            : null;
  }

  /** The slot of a name; null where there is none. */
  @Nullable ServedSlot named(String name) {
    return byName.get(name);
  }

  /** The slots of the series of a task. */
  Route of(ForecastTask task) {
    return only != null ? only : remembered(task.series(), task.group());
  }

  private Route remembered(String series, @Nullable String group) {
    Route route = recent.get(series);
    if (route == null) {
      route = before.get(series);
      if (route != null) {
        remember(series, route);
      }
    }
    if (route == null || !Objects.equals(route.group(), group)) {
      route =
          new Route(
              group,
              served(slots.primary(series, group)),
              served(slots.shadows(series, group)),
              served(slots.members(series, group)));
      remember(series, route);
    }
    return route;
  }

  private void remember(String series, Route route) {
    if (recent.size() >= MOST_REMEMBERED) {
      before = recent;
      recent = new HashMap<>();
    }
    recent.put(series, route);
  }

  private ServedSlot[] served(List<ModelSlot> some) {
    return some.stream().map(this::served).toArray(ServedSlot[]::new);
  }

  private ServedSlot served(ModelSlot slot) {
    return Objects.requireNonNull(byName.get(slot.name()));
  }
}
