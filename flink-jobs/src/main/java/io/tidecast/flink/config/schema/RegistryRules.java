package io.tidecast.flink.config.schema;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.RegistrySettings.Auth;
import io.tidecast.flink.registry.RegistrySettings.StoreFile;
import io.tidecast.flink.registry.RegistrySettings.Tls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold between the keys of the schema registry. A key that was refused by itself breaks
 * no rule here.
 */
public final class RegistryRules {

  private RegistryRules() {}

  /** Refuses what does not go together. */
  public static void check(ConfigValues values) {
    if (values.isMissing(RegistryKeys.URL)) {
      RegistryKeys.all().forEach(key -> mustGoWith(values, key, RegistryKeys.URL));
      return;
    }
    mustGoWith(values, RegistryKeys.PASSWORD, RegistryKeys.USER);
    mustGoWith(values, RegistryKeys.USER, RegistryKeys.PASSWORD);
    mustGoWith(values, RegistryKeys.TRUSTSTORE_PASSWORD, RegistryKeys.TRUSTSTORE);
    mustGoWith(values, RegistryKeys.KEYSTORE_PASSWORD, RegistryKeys.KEYSTORE);
    if (values.isGiven(RegistryKeys.TOKEN) && values.isGiven(RegistryKeys.USER)) {
      values.problem("must not be given with registry.user: registry.token");
    }
  }

  /** Returns how the registry is reached; null where there is none, or a key was refused. */
  public static @Nullable RegistrySettings settings(ConfigValues values) {
    List<URI> urls = values.get(RegistryKeys.URL);
    Duration timeout = values.get(RegistryKeys.TIMEOUT);
    Duration patience = values.get(RegistryKeys.PATIENCE);
    if (urls == null || timeout == null || patience == null) {
      return null;
    }
    Tls tls =
        new Tls(
            file(values, RegistryKeys.TRUSTSTORE, RegistryKeys.TRUSTSTORE_PASSWORD),
            file(values, RegistryKeys.KEYSTORE, RegistryKeys.KEYSTORE_PASSWORD));
    return new RegistrySettings(urls, auth(values), tls, timeout, patience);
  }

  private static Auth auth(ConfigValues values) {
    String token = values.get(RegistryKeys.TOKEN);
    String user = values.get(RegistryKeys.USER);
    String password = values.get(RegistryKeys.PASSWORD);
    if (token != null) {
      return new Auth.Bearer(token);
    }
    return user == null || password == null ? new Auth.None() : new Auth.Basic(user, password);
  }

  private static @Nullable StoreFile file(
      ConfigValues values, ConfigKey<String> path, ConfigKey<String> password) {
    String given = values.get(path);
    return given == null ? null : new StoreFile(given, values.get(password));
  }

  private static void mustGoWith(ConfigValues values, ConfigKey<?> key, ConfigKey<?> other) {
    if (values.isGiven(key) && values.isMissing(other)) {
      values.problem("must go with %s: %s".formatted(other.path(), key.path()));
    }
  }
}
