package io.tidecast.flink.registry;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the job reaches its schema registry. {@link #toString} shows no secret.
 *
 * <p>Secrets are kept as they were written, and so may be references to what is kept elsewhere.
 * They are resolved where a client is made.
 *
 * @param urls that are tried one after the other; what they begin with every path follows
 * @param requestTimeout within which one request must be answered
 * @param patience how long an answer is waited for in all, through every retry
 */
public record RegistrySettings(
    List<URI> urls, Auth auth, Tls tls, Duration requestTimeout, Duration patience)
    implements Serializable {

  public RegistrySettings {
    urls = List.copyOf(urls);
    requireNonNull(auth, "auth is null");
    requireNonNull(tls, "tls is null");
    requireNonNull(requestTimeout, "requestTimeout is null");
    requireNonNull(patience, "patience is null");
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("urls must not be empty");
    }
  }

  /**
   * Returns the settings of a registry that asks for nothing, with the defaults of the job file.
   */
  public static RegistrySettings of(URI... urls) {
    return new RegistrySettings(
        List.of(urls), new Auth.None(), Tls.DEFAULT, Duration.ofSeconds(10), Duration.ofMinutes(2));
  }

  /** Shows where the registry is, and nothing that is secret. */
  @Override
  public String toString() {
    return "RegistrySettings[urls=%s, requestTimeout=%s, patience=%s]"
        .formatted(urls, requestTimeout, patience);
  }

  /** Who the job is to the registry. */
  public sealed interface Auth extends Serializable {

    /** It says nothing of itself. */
    record None() implements Auth {}

    /**
     * It has a name and a password.
     *
     * @param password as it was written
     */
    record Basic(String user, String password) implements Auth {

      public Basic {
        requireNonNull(user, "user is null");
        requireNonNull(password, "password is null");
      }

      @Override
      public String toString() {
        return "Basic[user=" + user + ", password=***]";
      }
    }

    /**
     * It has a token.
     *
     * @param token as it was written
     */
    record Bearer(String token) implements Auth {

      public Bearer {
        requireNonNull(token, "token is null");
      }

      @Override
      public String toString() {
        return "Bearer[token=***]";
      }
    }
  }

  /**
   * Whom the job trusts, and what it shows of itself.
   *
   * @param truststore null for what Java trusts
   * @param keystore null where the registry asks for no certificate
   */
  public record Tls(@Nullable StoreFile truststore, @Nullable StoreFile keystore)
      implements Serializable {

    public static final Tls DEFAULT = new Tls(null, null);
  }

  /**
   * A file of certificates, or of a key with its certificates: PEM, PKCS 12 or JKS.
   *
   * @param password as it was written; null where there is none
   */
  public record StoreFile(String path, @Nullable String password) implements Serializable {

    public StoreFile {
      requireNonNull(path, "path is null");
    }

    @Override
    public String toString() {
      return "StoreFile[path=" + path + ", password=***]";
    }
  }
}
