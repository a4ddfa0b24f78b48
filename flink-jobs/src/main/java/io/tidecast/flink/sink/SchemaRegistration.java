package io.tidecast.flink.sink;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.registry.RegistrySettings;
import java.io.Serializable;

/**
 * How the schemas of what a job writes are in a registry.
 *
 * @param register whether the job puts them there; else they must be there
 * @param subjects under which they are
 */
public record SchemaRegistration(RegistrySettings registry, boolean register, SubjectNames subjects)
    implements Serializable {

  public SchemaRegistration {
    requireNonNull(registry, "registry is null");
    requireNonNull(subjects, "subjects is null");
  }
}
