package io.tidecast.flink.model;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The models of a job. The first slot is the one of {@code model.path}, for every series; of the
 * others, the first primary whose route matches a series answers it instead, every shadow whose
 * route matches it forecasts it besides, and what every member forecasts whose route matches it is
 * mixed in.
 *
 * @param all the default first, then in the order of the job file
 */
public record ModelSlots(List<ModelSlot> all) implements Serializable {

  public ModelSlots {
    all = List.copyOf(all);
    if (all.isEmpty()
        || all.get(0).role() != ForecastRole.PRIMARY
        || !all.get(0).route().equals(SeriesRoute.ALL)) {
      throw new IllegalArgumentException("must begin with a primary for every series: " + all);
    }
    Set<String> names = new HashSet<>();
    for (ModelSlot slot : all) {
      if (!names.add(slot.name())) {
        throw new IllegalArgumentException("must have names of their own: " + slot.name());
      }
    }
  }

  /** One model for every series, without a place that it was read from. */
  public static ModelSlots of(ForecasterFactory model) {
    return of(model, "");
  }

  /** One model for every series. */
  public static ModelSlots of(ForecasterFactory model, String place) {
    return new ModelSlots(
        List.of(
            new ModelSlot(ModelSlot.DEFAULT, ForecastRole.PRIMARY, SeriesRoute.ALL, model, place)));
  }

  /** The one that answers every series that no other is there for. */
  public ModelSlot byDefault() {
    return all.get(0);
  }

  /** Tells whether the group of a series makes a difference. */
  public boolean goByGroup() {
    return all.stream().anyMatch(slot -> slot.route().group() != null);
  }

  /** The slot that answers a series. */
  public ModelSlot primary(String series, @Nullable String group) {
    for (ModelSlot slot : all.subList(1, all.size())) {
      if (slot.role() == ForecastRole.PRIMARY && slot.route().matches(series, group)) {
        return slot;
      }
    }
    return byDefault();
  }

  /** The slots that forecast a series besides, in order. */
  public List<ModelSlot> shadows(String series, @Nullable String group) {
    return matching(ForecastRole.SHADOW, series, group);
  }

  /** The slots whose forecasts the one that a series is given is mixed from, in order. */
  public List<ModelSlot> members(String series, @Nullable String group) {
    return matching(ForecastRole.MEMBER, series, group);
  }

  private List<ModelSlot> matching(ForecastRole role, String series, @Nullable String group) {
    return all.stream()
        .filter(slot -> slot.role() == role && slot.route().matches(series, group))
        .toList();
  }
}
