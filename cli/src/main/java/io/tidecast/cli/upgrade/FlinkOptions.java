package io.tidecast.cli.upgrade;

import io.tidecast.cli.console.CommandLines;
import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.registry.RegistrySettings.StoreFile;
import io.tidecast.flink.registry.RegistrySettings.Tls;
import io.tidecast.flink.registry.http.TlsContext;
import io.tidecast.flink.secret.ReferenceText;
import io.tidecast.flink.secret.Secrets;
import io.tidecast.flink.secret.UnresolvedException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where Flink's REST is, and who the command is to it. */
final class FlinkOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--flink",
      paramLabel = "URL",
      required = true,
      description = "Where a JobManager answers, such as http://jobmanager:8081.")
  private String url;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "Who the command is to what guards Flink; with --password.")
  private @Nullable String user;

  @Option(
      names = "--password",
      paramLabel = "REFERENCE",
      description =
          "Where the password is: $${NAME} for a variable of the environment, $${file:/path} for a file.")
  private @Nullable String password;

  @Option(
      names = "--token",
      paramLabel = "REFERENCE",
      description = "Where the token is that is sent instead, likewise.")
  private @Nullable String token;

  @Mixin private StoreOptions stores;

  /** Files of certificates. */
  static final class StoreOptions {

    @Option(
        names = "--truststore",
        paramLabel = "FILE",
        description =
            "Trust the certificates of this file (PEM, PKCS 12 or JKS), and not those that Java trusts.")
    private @Nullable String truststore;

    @Option(
        names = "--truststore-password",
        paramLabel = "REFERENCE",
        description = "Where its password is.")
    private @Nullable String truststorePassword;

    @Option(
        names = "--keystore",
        paramLabel = "FILE",
        description = "Show the certificate of this file, which has its key too.")
    private @Nullable String keystore;

    @Option(
        names = "--keystore-password",
        paramLabel = "REFERENCE",
        description = "Where its password is.")
    private @Nullable String keystorePassword;
  }

  /**
   * Returns a client.
   *
   * @throws ParameterException if an option is not right, or a secret is not there
   */
  FlinkRest open() {
    try {
      return new FlinkRest(
          uri(),
          authorization(),
          TlsContext.of(
              new Tls(
                  store("--truststore", stores.truststore, stores.truststorePassword),
                  store("--keystore", stores.keystore, stores.keystorePassword)),
              "--",
              text -> text));
    } catch (RegistryException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private URI uri() {
    URI uri;
    try {
      uri = URI.create(url.strip().replaceFirst("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw refused("--flink must be an address such as http://jobmanager:8081: found " + url);
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
      throw refused(
          "--flink must be an address alone; --user, --password and --token say the rest");
    }
    if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
      throw refused("--flink must be an address such as http://jobmanager:8081: found " + url);
    }
    return uri;
  }

  private @Nullable String authorization() {
    if (token != null) {
      if (user != null || password != null) {
        throw refused("--token must not be given with --user or --password");
      }
      return "Bearer " + secret("--token", token);
    }
    if (user == null && password == null) {
      return null;
    }
    if (user == null || password == null) {
      throw refused("--user and --password must be given together");
    }
    String pair = user + ":" + secret("--password", password);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private @Nullable StoreFile store(
      String option, @Nullable String file, @Nullable String reference) {
    if (file == null) {
      if (reference != null) {
        throw refused("%s must be given with %s-password".formatted(option, option));
      }
      return null;
    }
    return new StoreFile(file, reference == null ? null : secret(option + "-password", reference));
  }

  /** What others could see in the list of processes is no secret. */
  private String secret(String option, String reference) {
    try {
      if (!ReferenceText.isIn(reference)) {
        throw refused(
            option
                + " must say where it is, for others can see a command line: '${NAME}', a variable of the environment, or '${file:/path}'");
      }
      return Secrets.ofThisProcess().resolve(reference);
    } catch (UnresolvedException | IllegalArgumentException e) {
      throw refused("%s: %s".formatted(option, e.getMessage()));
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** These options as people type them. */
  String typed() {
    List<String> words = new ArrayList<>();
    add(words, "--flink", url);
    add(words, "--user", user);
    add(words, "--password", password);
    add(words, "--token", token);
    add(words, "--truststore", stores.truststore);
    add(words, "--truststore-password", stores.truststorePassword);
    add(words, "--keystore", stores.keystore);
    add(words, "--keystore-password", stores.keystorePassword);
    return CommandLines.typed(words);
  }

  private static void add(List<String> words, String option, @Nullable String value) {
    if (value != null) {
      words.add(option);
      words.add(value);
    }
  }
}
