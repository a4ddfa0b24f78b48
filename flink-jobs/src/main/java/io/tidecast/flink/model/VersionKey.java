package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * By what a version of a model is told from others.
 *
 * @param place where it is read from, a path or a URI; empty for a model that was given as such
 * @param sha256 of its {@code model.onnx}; null for a model of no file
 */
public record VersionKey(String place, @Nullable String sha256) {

  public VersionKey {
    requireNonNull(place, "place is null");
  }

  /** The version with which a slot begins. */
  public static VersionKey ofOwn(ModelSlot slot) {
    return new VersionKey(slot.place(), slot.model().sha256());
  }

  /**
   * Tells whether a command means this version.
   *
   * @param wantedSha256 null for any
   */
  public boolean isMeant(String wantedPlace, @Nullable String wantedSha256) {
    return place.equals(wantedPlace) && (wantedSha256 == null || wantedSha256.equals(sha256));
  }

  /** Tells whether both are of one model, which may have been moved to another place. */
  public boolean isSameModel(VersionKey other) {
    return sha256 == null ? equals(other) : sha256.equals(other.sha256);
  }

  @Override
  public String toString() {
    return sha256 == null ? place : place + " (sha256 " + sha256 + ")";
  }
}
