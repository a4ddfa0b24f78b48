package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A model that a job has beside the default one.
 *
 * @param name of its slot
 * @param path the folder of the model: a path of this machine, or a URI
 * @param route which series it is for
 * @param role whether it answers them, or forecasts them besides
 * @param horizon steps ahead of every forecast; null for the model's prediction length
 * @param minContext cells since the first observation of a series from which on it is asked; null
 *     for its whole context
 */
public record SlotSettings(
    String name,
    String path,
    SeriesRoute route,
    ForecastRole role,
    @Nullable Integer horizon,
    @Nullable Integer minContext)
    implements Serializable {

  public SlotSettings {
    requireNonNull(name, "name is null");
    requireNonNull(path, "path is null");
    requireNonNull(route, "route is null");
    requireNonNull(role, "role is null");
  }
}
