package io.tidecast.cli.acls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.KafkaUserTlsClientAuthentication;
import io.strimzi.api.kafka.model.user.acl.AclOperation;
import io.strimzi.api.kafka.model.user.acl.AclResourcePatternType;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTransactionalIdResource;
import io.tidecast.cli.job.KafkaRight;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is printed is a KafkaUser to Strimzi's own classes. */
class StrimziUserTest {

  /** A field that a kind does not have is refused, which the classes alone would keep aside. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              });

  private static final List<KafkaRight> RIGHTS =
      List.of(
          right(ResourceType.TOPIC, "12", PatternType.LITERAL, "READ", "WRITE", "CREATE"),
          right(ResourceType.TOPIC, "meters-", PatternType.PREFIXED, "READ"),
          right(ResourceType.GROUP, "night: shift", PatternType.LITERAL, "READ"),
          right(ResourceType.TRANSACTIONAL_ID, "tide-", PatternType.PREFIXED, "WRITE"));

  private static KafkaRight right(
      ResourceType type, String name, PatternType pattern, String... operations) {
    return new KafkaRight(
        type,
        name,
        pattern,
        Stream.of(operations)
            .map(org.apache.kafka.common.acl.AclOperation::valueOf)
            .collect(Collectors.toSet()),
        List.of("key"));
  }

  @Test
  void shouldBeWhatStrimziTakes() {
    KafkaUser user = read(printed(Map.of("security.protocol", "SSL")));

    assertThat(user.getApiVersion()).isEqualTo("kafka.strimzi.io/v1");
    JsonNode metadata = STRICT.<JsonNode>valueToTree(user).get("metadata");
    assertThat(metadata.get("name").textValue()).isEqualTo("tidecast");
    assertThat(metadata.get("labels").get("strimzi.io/cluster").textValue()).isEqualTo("on");
    assertThat(user.getSpec().getAuthentication())
        .isInstanceOf(KafkaUserTlsClientAuthentication.class);
    List<AclRule> rules =
        ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization()).getAcls();
    assertThat(rules).hasSize(4);
    AclRuleTopicResource topic = (AclRuleTopicResource) rules.get(0).getResource();
    assertThat(topic.getName()).isEqualTo("12");
    assertThat(topic.getPatternType()).isEqualTo(AclResourcePatternType.LITERAL);
    assertThat(rules.get(0).getOperations())
        .containsExactly(AclOperation.READ, AclOperation.WRITE, AclOperation.CREATE);
    topic = (AclRuleTopicResource) rules.get(1).getResource();
    assertThat(topic.getPatternType()).isEqualTo(AclResourcePatternType.PREFIX);
    assertThat(((AclRuleGroupResource) rules.get(2).getResource()).getName())
        .isEqualTo("night: shift");
    AclRuleTransactionalIdResource id = (AclRuleTransactionalIdResource) rules.get(3).getResource();
    assertThat(id.getName()).isEqualTo("tide-");
    assertThat(id.getPatternType()).isEqualTo(AclResourcePatternType.PREFIX);
    assertThat(rules.get(3).getOperations()).containsExactly(AclOperation.WRITE);
  }

  @Test
  void shouldSayNothingOfWhatTheJobFileDoesNotSay() {
    assertThat(read(printed(Map.of())).getSpec().getAuthentication()).isNull();
    assertThat(printed(Map.of())).contains("# The job file names neither");
    assertThat(
            read(printed(Map.of("sasl.mechanism", "SCRAM-SHA-512")))
                .getSpec()
                .getAuthentication()
                .getType())
        .isEqualTo("scram-sha-512");
  }

  /** Else the test above would show nothing. */
  @Test
  void shouldNotTakeAnything() {
    String wrong = printed(Map.of()).replace("patternType", "pattern");
    assertThatThrownBy(() -> read(wrong))
        .hasRootCauseInstanceOf(UnrecognizedPropertyException.class);
    String operation = printed(Map.of()).replace("- Create", "- Make");
    assertThatThrownBy(() -> read(operation)).isInstanceOf(AssertionError.class);
  }

  @ParameterizedTest
  @CsvSource({
    "User:tidecast, tidecast",
    "User:CN=tidecast, tidecast",
    "User:tide.cast-2, tide.cast-2",
    "User:Tide,",
    "User:-tide,",
    "Group:tidecast,",
    "'User:CN=tidecast,O=x',"
  })
  void shouldNameTheUser(String principal, String name) {
    assertThat(StrimziUser.name(principal)).isEqualTo(name);
  }

  private static String printed(Map<String, String> properties) {
    StringWriter text = new StringWriter();
    new StrimziUser(new PrintWriter(text, true), "on").print(RIGHTS, "tidecast", properties);
    return text.toString();
  }

  private static KafkaUser read(String yaml) {
    KafkaUser user = STRICT.convertValue(tree(yaml), KafkaUser.class);
    // A value that none of the constants is would be gone, as those are that are taken anyway.
    assertThat(STRICT.<JsonNode>valueToTree(user))
        .isEqualTo(tree(yaml.replaceAll("\n *patternType: literal", "")));
    return user;
  }

  private static JsonNode tree(String yaml) {
    return STRICT.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
  }
}
