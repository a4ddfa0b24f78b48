package io.tidecast.cli.testing;

import io.tidecast.cli.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

/**
 * A broker that asks who is there and gives nobody a right that he was not given: a listener with
 * TLS that takes SCRAM-SHA-512, PLAIN and OAUTHBEARER, one that takes certificates, and one without
 * anything, whose users may do all; that is for what a test prepares.
 */
public final class SecuredKafka implements AutoCloseable {

  /** The user of PLAIN. */
  public static final String PLAIN_USER = "plain-user";

  /** The user of OAUTHBEARER, whose token nobody has signed. */
  public static final String TOKEN_USER = "token-user";

  /** The user of a certificate, as Kafka calls it. */
  public static final String CERTIFIED = "User:CN=certified";

  /** Opens every key store and trust store of {@link #store}. */
  public static final String STORE_PASSWORD = "store-password-9a1";

  private static final String HOST = "127.0.0.1";

  private final Path folder;
  private final EmbeddedKafka kafka;
  private final Admin admin;
  private final int secured;
  private final int mutual;

  /**
   * Starts it, and makes its certificates.
   *
   * @param folder for them
   * @param plainPassword of {@link #PLAIN_USER}
   */
  public SecuredKafka(Path folder, String plainPassword)
      throws IOException, GeneralSecurityException, InterruptedException {
    this.folder = folder;
    makeStores();
    int plain = freePort();
    int controller = freePort();
    this.secured = freePort();
    this.mutual = freePort();
    this.kafka = EmbeddedKafka.start(plain, settings(plain, controller, plainPassword));
    this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Map<String, String> settings(int plain, int controller, String plainPassword) {
    Map<String, String> settings = new HashMap<>();
    String listeners =
        "PLAINTEXT://%1$s:%2$d,SECURED://%1$s:%3$d,MUTUAL://%1$s:%4$d"
            .formatted(HOST, plain, secured, mutual);
    settings.put("listeners", listeners + ",CONTROLLER://%s:%d".formatted(HOST, controller));
    settings.put("advertised.listeners", listeners);
    settings.put("controller.quorum.voters", "1@%s:%d".formatted(HOST, controller));
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,SECURED:SASL_SSL,MUTUAL:SSL,CONTROLLER:PLAINTEXT");
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:ANONYMOUS");
    settings.put("ssl.keystore.location", store("broker"));
    settings.put("ssl.keystore.password", STORE_PASSWORD);
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.truststore.location", store("trusts-certified"));
    settings.put("ssl.truststore.password", STORE_PASSWORD);
    settings.put("ssl.truststore.type", "PKCS12");
    settings.put("listener.name.mutual.ssl.client.auth", "required");
    settings.put(
        "listener.name.secured.sasl.enabled.mechanisms", "SCRAM-SHA-512,PLAIN,OAUTHBEARER");
    String modules = "org.apache.kafka.common.security.";
    settings.put(
        "listener.name.secured.scram-sha-512.sasl.jaas.config",
        modules + "scram.ScramLoginModule required;");
    settings.put(
        "listener.name.secured.plain.sasl.jaas.config",
        modules
            + "plain.PlainLoginModule required user_%s=\"%s\";"
                .formatted(PLAIN_USER, plainPassword));
    settings.put(
        "listener.name.secured.oauthbearer.sasl.jaas.config",
        modules
            + "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"broker\";");
    return settings;
  }

  /** Certificates for the broker and a client, each of its own authority, and who trusts which. */
  private void makeStores() throws IOException, GeneralSecurityException, InterruptedException {
    List<Process> makers = new ArrayList<>();
    // The name localhost is not in it: it is one that does not fit.
    makers.add(keytool("broker", "-dname", "CN=broker", "-ext", "san=ip:" + HOST));
    makers.add(keytool("certified", "-dname", "CN=certified"));
    makers.add(keytool("stranger", "-dname", "CN=stranger"));
    for (Process maker : makers) {
      if (maker.waitFor() != 0) {
        throw new IOException(
            new String(maker.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    trust("broker");
    trust("certified");
  }

  private Process keytool(String name, String... arguments) throws IOException {
    Stream<String> command =
        Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-J-XX:TieredStopAtLevel=1",
            "-genkeypair",
            "-alias",
            name,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-storepass",
            STORE_PASSWORD,
            "-keystore",
            store(name));
    return new ProcessBuilder(Stream.concat(command, Stream.of(arguments)).toList())
        .redirectErrorStream(true)
        .start();
  }

  private void trust(String name) throws IOException, GeneralSecurityException {
    char[] password = STORE_PASSWORD.toCharArray();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(store(name)))) {
      keys.load(in, password);
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, password);
    trusted.setCertificateEntry(name, keys.getCertificate(name));
    try (OutputStream out = Files.newOutputStream(Path.of(store("trusts-" + name)))) {
      trusted.store(out, password);
    }
  }

  /**
   * A PKCS 12 file: {@code broker}, {@code certified} and {@code stranger}, whom the broker does
   * not trust, hold a key, {@code trusts-broker} and {@code trusts-certified} the certificate of
   * one.
   */
  public String store(String name) {
    return folder.resolve(name + ".p12").toString();
  }

  /** Takes everything of everybody. */
  public String open() {
    return kafka.bootstrapServers();
  }

  /** Has TLS and asks for a password or a token. */
  public String secured() {
    return HOST + ":" + secured;
  }

  /** Has TLS and asks for a certificate. */
  public String mutual() {
    return HOST + ":" + mutual;
  }

  /** The port of {@link #secured}. */
  public int securedPort() {
    return secured;
  }

  /** May do all. */
  public Admin admin() {
    return admin;
  }

  /** Creates topics of one partition. */
  public void createTopics(String... names) {
    for (String name : names) {
      kafka.createTopic(name, 1, Map.of("retention.ms", "-1"));
    }
  }

  /** Creates a user of SCRAM-SHA-512, or gives him another password. */
  public void putUser(String name, String password)
      throws ExecutionException, InterruptedException {
    admin
        .alterUserScramCredentials(
            List.of(
                new UserScramCredentialUpsertion(
                    name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
        .all()
        .get();
  }

  /** Gives rights. The broker has them when this returns. */
  public void give(Collection<AclBinding> rights) throws ExecutionException, InterruptedException {
    admin.createAcls(rights).all().get();
    Set<AclBinding> wanted = Set.copyOf(rights);
    await(there -> there.containsAll(wanted));
  }

  /** Takes rights away. The broker has forgotten them when this returns. */
  public void take(Collection<AclBinding> rights) throws ExecutionException, InterruptedException {
    admin.deleteAcls(rights.stream().map(AclBinding::toFilter).toList()).all().get();
    await(there -> rights.stream().noneMatch(there::contains));
  }

  private void await(Predicate<Collection<AclBinding>> done)
      throws ExecutionException, InterruptedException {
    while (!done.test(admin.describeAcls(AclBindingFilter.ANY).values().get())) {
      Thread.sleep(20);
    }
  }

  @Override
  public void close() {
    admin.close();
    kafka.close();
  }
}
