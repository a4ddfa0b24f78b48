package io.tidecast.flink.config.schema;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.RegistryWatcher;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.UnknownSchemaException;
import io.tidecast.flink.registry.http.HttpSchemaRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the schema registry what must be known of it before the job starts. What is wrong with it is
 * a problem of the job file, which is told once. One thread uses it.
 */
public final class SchemaLookup {

  /** Somebody is waiting for the start. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final ConfigValues values;
  private final @Nullable RegistrySettings settings;
  private final Function<RegistrySettings, SchemaRegistry> registries;
  private @Nullable SchemaRegistry registry;
  private boolean failed;

  /**
   * @param registries opens a registry
   */
  public SchemaLookup(ConfigValues values, Function<RegistrySettings, SchemaRegistry> registries) {
    this.values = values;
    this.settings = RegistryRules.settings(values);
    this.registries = registries;
  }

  /** Opens a registry over HTTP, which is waited for as long as a person would wait. */
  public static SchemaRegistry open(RegistrySettings settings) {
    Duration patience =
        settings.patience().compareTo(PATIENCE) < 0 ? settings.patience() : PATIENCE;
    return HttpSchemaRegistry.open(
        new RegistrySettings(
            settings.urls(),
            settings.auth(),
            settings.tls(),
            settings.requestTimeout().compareTo(patience) < 0
                ? settings.requestTimeout()
                : patience,
            patience),
        RegistryWatcher.NONE);
  }

  /** Returns how the registry is reached; null where there is none, or a key was refused. */
  @Nullable RegistrySettings settings() {
    return settings;
  }

  /** Finds out whether the registry answers, unless it was asked before. */
  public void check() {
    if (registry == null && !failed) {
      asked(
          one -> {
            one.ping();
            return one;
          });
    }
  }

  /**
   * Asks what stands in the way of something, and takes each answer for a problem.
   *
   * @param question gives a sentence each
   */
  public void check(Function<SchemaRegistry, List<String>> question) {
    if (!failed) {
      asked(
          one -> {
            question.apply(one).forEach(values::problem);
            return one;
          });
    }
  }

  /**
   * Returns the latest schema of a subject. It is null if there is none, and the values have a
   * problem more.
   *
   * @param key that gives the subject
   */
  @Nullable RegisteredSchema latest(ConfigKey<String> key, String subject) {
    return failed
        ? null
        : asked(
            one -> {
              try {
                return one.latest(subject);
              } catch (UnknownSchemaException e) {
                values.problem(
                    "must be a subject of the schema registry: %s=%s"
                        .formatted(key.path(), subject));
                return null;
              }
            });
  }

  private <T> @Nullable T asked(Function<SchemaRegistry, @Nullable T> question) {
    if (settings == null) {
      return null;
    }
    try {
      SchemaRegistry opened = registry == null ? registries.apply(settings) : registry;
      registry = opened;
      return question.apply(opened);
    } catch (RegistryException e) {
      failed = true;
      values.problem(e.getMessage());
      return null;
    }
  }
}
