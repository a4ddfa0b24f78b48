package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.process.Broker;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The broker is killed or paused, or takes a right away. */
final class BrokerCases {

  private BrokerCases() {}

  static List<FaultCase> all() {
    return List.of(
        new FaultCase(
            "broker-killed",
            "the broker is killed at three moments and comes back after two seconds",
            FaultCase.Setup.usual(),
            BrokerCases::brokerKilled),
        new FaultCase(
            "broker-paused-20",
            "the broker is paused for 20 seconds",
            FaultCase.Setup.usual(),
            stage -> brokerPaused(stage, Duration.ofSeconds(20))),
        new FaultCase(
            "broker-paused-60",
            "the broker is paused for 60 seconds",
            FaultCase.Setup.usual(),
            stage -> brokerPaused(stage, Duration.ofMinutes(1))),
        new FaultCase(
            "write-denied",
            "the right to write forecasts is taken away for 20 seconds",
            FaultCase.Setup.usual().entrance(Broker.Entrance.WITH_PASSWORD).mustSay("WRITE"),
            BrokerCases::writeDenied));
  }

  private static void brokerKilled(Stage stage) throws Exception {
    Random random = stage.random();
    stage.begin();
    int kills = stage.isShort() ? 1 : 3;
    for (int i = 0; i < kills; i++) {
      Stage.last(Duration.ofMillis(2_000 + random.nextInt(4_000)));
      stage.broker().kill();
      Stage.last(Duration.ofSeconds(2));
      stage.broker().start();
    }
    stage.undisturbed();
  }

  private static void brokerPaused(Stage stage, Duration time) throws Exception {
    stage.begin();
    stage.undisturbed();
    stage.broker().pause();
    Stage.last(time);
    stage.broker().resume();
    stage.undisturbed();
  }

  private static void writeDenied(Stage stage) throws Exception {
    AclBinding write = right(ResourceType.TOPIC, Stage.FORECASTS, AclOperation.WRITE);
    stage
        .broker()
        .allow(
            List.of(
                write,
                right(ResourceType.TOPIC, Stage.OBSERVATIONS, AclOperation.READ),
                right(ResourceType.TOPIC, Stage.DEAD_LETTERS, AclOperation.WRITE),
                right(ResourceType.TOPIC, Stage.DEAD_LETTERS, AclOperation.DESCRIBE_CONFIGS),
                right(ResourceType.TOPIC, Stage.FORECASTS, AclOperation.DESCRIBE_CONFIGS),
                right(ResourceType.GROUP, "tidecast", AclOperation.READ),
                right(ResourceType.TRANSACTIONAL_ID, "tidecast", AclOperation.WRITE),
                right(ResourceType.TRANSACTIONAL_ID, "tidecast", AclOperation.DESCRIBE)));
    stage.begin();
    stage.undisturbed();
    stage.broker().withdraw(write);
    stage.awaitWords();
    stage.fault(20);
    stage.broker().allow(List.of(write));
    stage.undisturbed();
  }

  /** A right to whatever has a name that begins so. */
  private static AclBinding right(ResourceType type, String prefix, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(type, prefix, PatternType.PREFIXED),
        new AccessControlEntry("User:" + Broker.USER, "*", operation, AclPermissionType.ALLOW));
  }
}
