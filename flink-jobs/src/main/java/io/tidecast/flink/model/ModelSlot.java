package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * A place of a job that a version of a model fills, and another one after it. It has a name that
 * stays the same when versions come and go, such as {@code default} or {@code heat}.
 *
 * @param name by which commands and events call it
 * @param role what its forecasts are for
 * @param route which series it forecasts
 * @param model that fills it when the job begins
 * @param place where that model was read from, a path or a URI
 */
public record ModelSlot(
    String name, ForecastRole role, SeriesRoute route, ForecasterFactory model, String place)
    implements Serializable {

  /** The slot of {@code model.path}, which answers every series that no other is there for. */
  public static final String DEFAULT = "default";

  public ModelSlot {
    requireNonNull(name, "name is null");
    requireNonNull(role, "role is null");
    requireNonNull(route, "route is null");
    requireNonNull(model, "model is null");
    requireNonNull(place, "place is null");
  }
}
