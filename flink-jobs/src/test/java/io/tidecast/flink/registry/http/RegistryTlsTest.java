package io.tidecast.flink.registry.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.RegistrySettings.Auth;
import io.tidecast.flink.registry.RegistrySettings.StoreFile;
import io.tidecast.flink.registry.RegistrySettings.Tls;
import io.tidecast.flink.registry.RegistryWatcher;
import io.tidecast.flink.testing.FakeRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry that speaks TLS for real, with certificates that sign themselves. */
class RegistryTlsTest {

  private static final String PASSWORD = "pa55word";

  @TempDir private static Path folder;

  /** Each is a key with its certificate: of the registry, of another host, of the job. */
  private static KeyStore registry;

  private static KeyStore elsewhere;
  private static KeyStore job;

  @BeforeAll
  static void makeCertificates() throws Exception {
    registry = made("registry", "-ext", "SAN=dns:localhost,ip:127.0.0.1");
    elsewhere = made("elsewhere", "-ext", "SAN=dns:registry.example");
    job = made("job");
  }

  private static KeyStore made(String name, String... more) throws Exception {
    Path file = folder.resolve(name + ".p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD));
    command.addAll(List.of(more));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  /** Whom the job trusts, in each kind of file, with a password or without. */
  @ParameterizedTest
  @ValueSource(strings = {"PEM", "PKCS12", "JKS"})
  void shouldReachARegistryThatItTrusts(String kind) throws Exception {
    try (FakeRegistry fake = new FakeRegistry(server(registry, false))) {
      Tls tls = new Tls(trusted(kind, registry), null);
      assertThatCode(() -> ping(fake.url(), tls)).doesNotThrowAnyException();
      assertThat(fake.requests()).containsExactly("GET /schemas/types");
    }
  }

  @Test
  void shouldSayWhatToDoAboutACertificateThatItDoesNotTrust() throws Exception {
    try (FakeRegistry fake = new FakeRegistry(server(registry, false))) {
      assertRefused(
          fake.url(),
          Tls.DEFAULT,
          "nobody whom Java trusts has signed it; give the certificate of who has as registry.tls.truststore: registry.url="
              + fake.url());
      assertRefused(
          fake.url(),
          new Tls(trusted("PEM", elsewhere), null),
          "nobody whom registry.tls.truststore trusts has signed it");
      assertThat(fake.requests()).isEmpty();
    }
  }

  @Test
  void shouldSayThatTheCertificateIsOfAnotherHost() throws Exception {
    try (FakeRegistry fake = new FakeRegistry(server(elsewhere, false))) {
      assertRefused(
          fake.url(),
          new Tls(trusted("PEM", elsewhere), null),
          "it has one for another name than 127.0.0.1; give the address with the name that is in the certificate");
    }
  }

  /** The key of the job in each kind of file. */
  @ParameterizedTest
  @ValueSource(strings = {"PEM", "PKCS12", "JKS"})
  void shouldShowItsOwnCertificate(String kind) throws Exception {
    try (FakeRegistry fake = new FakeRegistry(server(registry, true))) {
      Tls tls = new Tls(trusted("PEM", registry), own(kind, job));
      assertThatCode(() -> ping(fake.url(), tls)).doesNotThrowAnyException();
    }
  }

  @Test
  void shouldSayThatTheRegistryAsksForACertificate() throws Exception {
    try (FakeRegistry fake = new FakeRegistry(server(registry, true))) {
      StoreFile trusted = trusted("PEM", registry);
      assertRefused(
          fake.url(), new Tls(trusted, null), "give it with its key as registry.tls.keystore");
      assertRefused(
          fake.url(),
          new Tls(trusted, own("PKCS12", elsewhere)),
          "refuses that of registry.tls.keystore");
    }
  }

  @Test
  void shouldSayThatTheAddressIsOfHttp() throws Exception {
    Thread answering;
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      answering = new Thread(() -> answerInPlainText(server));
      answering.start();
      URI url = URI.create("https://127.0.0.1:" + server.getLocalPort());
      assertRefused(url, Tls.DEFAULT, "is it http there?");
    }
    answering.join();
  }

  private static void answerInPlainText(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
        client.shutdownOutput();
        var unused = client.getInputStream().readAllBytes();
      } catch (IOException e) {
        // The server is closed, or the client has gone.
      }
    }
  }

  private static void ping(URI url, Tls tls) {
    HttpSchemaRegistry.open(
            new RegistrySettings(
                List.of(url), new Auth.None(), tls, Duration.ofSeconds(20), Duration.ofSeconds(1)),
            RegistryWatcher.NONE)
        .ping();
  }

  private static void assertRefused(URI url, Tls tls, String sentence) {
    assertThatThrownBy(() -> ping(url, tls))
        .isInstanceOf(RegistryException.class)
        .hasMessageStartingWith("schema registry must ")
        .hasMessageContaining(sentence)
        .hasMessageNotContaining(PASSWORD)
        .hasMessageNotContaining("PKIX");
  }

  /**
   * @param asks whether the registry wants a certificate of the job
   */
  private static HttpsConfigurator server(KeyStore own, boolean asks) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD.toCharArray());
    KeyStore trusted = empty("PKCS12");
    trusted.setCertificateEntry("job", certificate(job));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return new HttpsConfigurator(context) {
      @Override
      public void configure(HttpsParameters parameters) {
        SSLParameters tls = context.getDefaultSSLParameters();
        tls.setNeedClientAuth(asks);
        parameters.setSSLParameters(tls);
      }
    };
  }

  private static StoreFile trusted(String kind, KeyStore of) throws Exception {
    Path file = folder.resolve("trusted." + kind);
    if (kind.equals("PEM")) {
      Files.writeString(file, pem("CERTIFICATE", certificate(of).getEncoded()));
      return new StoreFile(file.toString(), null);
    }
    KeyStore store = empty(kind);
    store.setCertificateEntry("registry", certificate(of));
    return written(store, file);
  }

  private static StoreFile own(String kind, KeyStore of) throws Exception {
    String alias = of.aliases().nextElement();
    var key = of.getKey(alias, PASSWORD.toCharArray());
    Path file = folder.resolve("own." + kind);
    if (kind.equals("PEM")) {
      Files.writeString(
          file,
          pem("PRIVATE KEY", key.getEncoded()) + pem("CERTIFICATE", certificate(of).getEncoded()));
      return new StoreFile(file.toString(), null);
    }
    KeyStore store = empty(kind);
    store.setKeyEntry(alias, key, PASSWORD.toCharArray(), of.getCertificateChain(alias));
    return written(store, file);
  }

  private static StoreFile written(KeyStore store, Path file) throws Exception {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return new StoreFile(file.toString(), PASSWORD);
  }

  private static KeyStore empty(String kind) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(kind);
    store.load(null, PASSWORD.toCharArray());
    return store;
  }

  private static Certificate certificate(KeyStore of) throws GeneralSecurityException {
    return of.getCertificate(of.aliases().nextElement());
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
  }
}
