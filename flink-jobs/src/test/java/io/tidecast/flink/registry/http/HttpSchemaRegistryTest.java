package io.tidecast.flink.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.registry.RegistrySettings;
import io.tidecast.flink.registry.RegistrySettings.Auth;
import io.tidecast.flink.registry.RegistrySettings.StoreFile;
import io.tidecast.flink.registry.RegistrySettings.Tls;
import io.tidecast.flink.registry.RegistryWatcher;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.UnknownSchemaException;
import io.tidecast.flink.testing.FakeRegistry;
import io.tidecast.flink.testing.FakeRegistry.Fault;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSchemaRegistryTest {

  private static final String SCHEMA = "{\"type\": \"string\"}";

  private final FakeRegistry fake = new FakeRegistry();
  private final Clock clock = new Clock();
  private int asked;
  private int failed;

  private final RegistryWatcher watcher =
      new RegistryWatcher() {
        @Override
        public void asked() {
          asked++;
        }

        @Override
        public void failed() {
          failed++;
        }
      };

  /** Pauses take no time, and are remembered. */
  private static final class Clock implements Pauses {

    private final List<Duration> pauses = new ArrayList<>();
    private long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void pause(Duration length) {
      pauses.add(length);
      nanos += length.toNanos();
    }
  }

  @AfterEach
  void close() {
    fake.close();
  }

  private SchemaRegistry registry() {
    return HttpSchemaRegistry.open(RegistrySettings.of(fake.url()), watcher, clock);
  }

  private SchemaRegistry registry(Auth auth, URI... urls) {
    return HttpSchemaRegistry.open(
        new RegistrySettings(
            List.of(urls), auth, Tls.DEFAULT, Duration.ofMinutes(1), Duration.ofHours(1)),
        watcher,
        clock);
  }

  @Test
  void shouldAskForASchemaOnce() throws Exception {
    int id = fake.add("s", SchemaKind.JSON, "{}");
    SchemaRegistry registry = registry();

    for (int i = 0; i < 3; i++) {
      assertThat(registry.schema(new SchemaRef.Id(id)))
          .isEqualTo(RegisteredSchema.of(SchemaKind.JSON, "{}"));
      assertThat(registry.schema(new SchemaRef.Guid(fake.guid(id))).text()).isEqualTo("{}");
    }
    assertThat(fake.requests())
        .containsExactly("GET /schemas/ids/1", "GET /schemas/guids/" + fake.guid(id));
    assertThat(asked).isEqualTo(2);
    assertThat(failed).isZero();
  }

  @Test
  void shouldBringWhatASchemaRefersTo() throws Exception {
    fake.add("unit of ours", SchemaKind.PROTOBUF, "unit");
    String[] unit = {"unit.proto", "unit of ours", "1"};
    fake.add("place", SchemaKind.PROTOBUF, "place", unit);
    int id =
        fake.add(
            "s", SchemaKind.PROTOBUF, "reading", new String[] {"place.proto", "place", "1"}, unit);

    assertThat(registry().schema(new SchemaRef.Id(id)).references())
        .containsExactly(Map.entry("unit.proto", "unit"), Map.entry("place.proto", "place"));
    assertThat(fake.requests()).contains("GET /subjects/unit%20of%20ours/versions/1");
  }

  @Test
  void shouldRememberForAWhileWhatIsUnknown() {
    SchemaRegistry registry = registry();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> registry.schema(new SchemaRef.Id(9)))
          .isInstanceOf(UnknownSchemaException.class)
          .hasMessageContaining("id 9");
    }
    assertThat(fake.requests()).as("and a second look").hasSize(2);

    clock.nanos += Duration.ofMinutes(1).toNanos();
    for (int i = 1; i <= 9; i++) {
      fake.add("s", SchemaKind.AVRO, SCHEMA);
    }
    assertThat(textOf(registry, 9)).isEqualTo(SCHEMA);
  }

  @Test
  void shouldLookASecondTimeButNotForEachOfMany() {
    SchemaRegistry registry = registry();
    for (int id = 1_000; id < 1_050; id++) {
      SchemaRef ref = new SchemaRef.Id(id);
      assertThatThrownBy(() -> registry.schema(ref)).isInstanceOf(UnknownSchemaException.class);
    }
    assertThat(clock.pauses).containsExactly(CachedSchemaRegistry.SECOND_LOOK);
  }

  @Test
  void shouldFindWhatIsThereAtTheSecondLook() {
    fake.add("s", SchemaKind.AVRO, SCHEMA);
    fake.then(new Fault(404, "{\"error_code\": 40403, \"message\": \"not yet\"}", Map.of()));
    assertThat(textOf(registry(), 1)).isEqualTo(SCHEMA);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 408, 429})
  void shouldWaitForWhatPasses(int status) {
    fake.add("s", SchemaKind.AVRO, SCHEMA);
    fake.then(Fault.of(status), Fault.of(status), Fault.of(status));

    assertThat(textOf(registry(), 1)).isEqualTo(SCHEMA);
    assertThat(clock.pauses).hasSize(3);
    assertThat(clock.pauses.get(2)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
    assertThat(failed).isEqualTo(3);
  }

  @Test
  void shouldWaitAsLongAsItIsAsked() {
    fake.add("s", SchemaKind.AVRO, SCHEMA);
    fake.then(new Fault(429, "", Map.of("Retry-After", "7")));
    assertThat(textOf(registry(), 1)).isEqualTo(SCHEMA);
    assertThat(clock.pauses).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void shouldGiveUpInOneSentence() {
    fake.then(java.util.Collections.nCopies(500, Fault.of(503)).toArray(new Fault[0]));
    assertThatThrownBy(() -> registry().schema(new SchemaRef.Id(1)))
        .isInstanceOf(RegistryException.class)
        .hasMessage(
            "schema registry must answer within registry.patience=120s: registry.url=%s, the last answer was status 503",
            fake.url());
    assertThat(clock.nanos).isLessThan(Duration.ofMinutes(2).toNanos());
  }

  @Test
  void shouldGoOnToTheNextAddress() throws Exception {
    URI nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
    }
    fake.add("s", SchemaKind.AVRO, SCHEMA);
    fake.add("s", SchemaKind.AVRO, SCHEMA);
    SchemaRegistry registry = registry(new Auth.None(), nobody, fake.url());

    assertThat(textOf(registry, 1)).isEqualTo(SCHEMA);
    assertThat(textOf(registry, 2)).isEqualTo(SCHEMA);
    assertThat(asked).as("the one that answered is asked first").isEqualTo(3);
    assertThat(clock.pauses).isEmpty();
  }

  @Test
  void shouldNotWaitForOneThatSaysNothing() {
    fake.add("s", SchemaKind.AVRO, SCHEMA);
    fake.then(Fault.SILENCE);
    SchemaRegistry registry =
        HttpSchemaRegistry.open(
            new RegistrySettings(
                List.of(fake.url()),
                new Auth.None(),
                Tls.DEFAULT,
                Duration.ofMillis(300),
                Duration.ofHours(1)),
            watcher,
            clock);
    assertThat(textOf(registry, 1)).isEqualTo(SCHEMA);
    assertThat(failed).isPositive();
  }

  @Test
  void shouldSayWhoItIs() {
    fake.wants("me", "se:cret").add("s", SchemaKind.AVRO, SCHEMA);
    assertThat(textOf(registry(new Auth.Basic("me", "se:cret"), fake.url()), 1)).isEqualTo(SCHEMA);
    fake.wantsToken("t0ken");
    assertThat(textOf(registry(new Auth.Bearer("t0ken"), fake.url()), 1)).isEqualTo(SCHEMA);
  }

  @Test
  void shouldNotAskAgainWhereItIsNotLetIn() {
    fake.wants("me", "secret").add("s", SchemaKind.AVRO, SCHEMA);
    for (Auth wrong : List.of(new Auth.None(), new Auth.Basic("me", "wr0ng"))) {
      assertThatThrownBy(() -> registry(wrong, fake.url()).ping())
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("must let the job in")
          .hasMessageNotContaining("wr0ng");
    }
    assertThat(fake.requests()).hasSize(2);
    assertThat(new Auth.Basic("me", "wr0ng").toString()).doesNotContain("wr0ng");
    assertThat(new StoreFile("a", "wr0ng").toString()).doesNotContain("wr0ng");
  }

  @Test
  void shouldTellAWrongAddressFromAnUnknownSchema() throws Exception {
    fake.add("s", SchemaKind.AVRO, SCHEMA);
    URI root = fake.url();
    fake.below("/apis/ccompat/v7");
    assertThat(textOf(registry(), 1)).isEqualTo(SCHEMA);
    assertThatThrownBy(() -> registry(new Auth.None(), root).schema(new SchemaRef.Id(1)))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("must be the address of a schema registry");
  }

  @Test
  void shouldNotStopForAGuidWhereThereAreNone() {
    fake.withoutGuids();
    UUID guid = UUID.randomUUID();
    assertThatThrownBy(() -> registry().schema(new SchemaRef.Guid(guid)))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessageContaining("too old for GUIDs")
        .hasMessageContaining(guid.toString());
  }

  @Test
  void shouldRegisterAndAskBeforehand() throws Exception {
    SchemaRegistry registry = registry();
    RegisteredSchema schema = RegisteredSchema.of(SchemaKind.PROTOBUF, "syntax");

    assertThat(registry.complaints("new", schema)).isEmpty();
    assertThat(registry.register("new", schema)).isEqualTo(1);
    assertThat(registry.latest("new")).isEqualTo(schema);
    assertThat(registry.complaints("new", schema)).isEmpty();
    fake.complaining("a field was taken away");
    assertThat(registry.complaints("new", schema)).containsExactly("a field was taken away");
    assertThatThrownBy(() -> registry.register("new", schema))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("subject=new, a field was taken away");
    assertThatThrownBy(() -> registry.latest("other"))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessageContaining("subject=other");
  }

  @Test
  void shouldSayWhichFileOfCertificatesIsWrong(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("ca.pem"), "no certificate");
    for (String path : List.of(file.toString(), folder.resolve("none").toString())) {
      Tls tls = new Tls(new StoreFile(path, "pa55"), null);
      assertThatThrownBy(
              () ->
                  HttpSchemaRegistry.open(
                      new RegistrySettings(
                          List.of(fake.url()),
                          new Auth.None(),
                          tls,
                          Duration.ofSeconds(1),
                          Duration.ofSeconds(1)),
                      watcher))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("registry.tls.truststore=" + path)
          .hasMessageNotContaining("pa55");
    }
  }

  private static String textOf(SchemaRegistry registry, int id) {
    try {
      return registry.schema(new SchemaRef.Id(id)).text();
    } catch (UnknownSchemaException e) {
      throw new AssertionError(e);
    }
  }
}
