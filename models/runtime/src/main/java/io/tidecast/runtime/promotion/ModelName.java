package io.tidecast.runtime.promotion;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * What a version of a model is called in a contest. Names have an order, so that what is decided
 * does not depend on who came first.
 *
 * @param id of its manifest
 * @param version of its manifest
 */
public record ModelName(String id, String version) implements Comparable<ModelName> {

  private static final Comparator<ModelName> ORDER =
      Comparator.comparing(ModelName::id).thenComparing(ModelName::version);

  public ModelName {
    requireNonNull(id, "id is null");
    requireNonNull(version, "version is null");
  }

  @Override
  public int compareTo(ModelName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return id + "/" + version;
  }
}
