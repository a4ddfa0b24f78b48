package io.tidecast.cli.job;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What somebody must be allowed to do with one thing at Kafka.
 *
 * @param name of the thing, or how its names begin, or {@code *} for all
 * @param pattern whether that is the whole name ({@code LITERAL}) or its beginning ({@code
 *     PREFIXED})
 * @param operations that must be allowed, in Kafka's order. DESCRIBE is not among them where READ
 *     or WRITE is, which bring it along
 * @param keys of the job file that ask for it
 */
public record KafkaRight(
    ResourceType type,
    String name,
    PatternType pattern,
    Set<AclOperation> operations,
    List<String> keys) {

  /** Stands for every name. */
  public static final String EVERY = ResourcePattern.WILDCARD_RESOURCE;

  /** From every host. */
  private static final String ANY_HOST = "*";

  public KafkaRight {
    requireNonNull(type, "type is null");
    requireNonNull(name, "name is null");
    requireNonNull(pattern, "pattern is null");
    operations = Collections.unmodifiableSet(EnumSet.copyOf(operations));
    keys = List.copyOf(keys);
  }

  /** Whether it is about all things of its type. */
  public boolean isOfEvery() {
    return pattern == PatternType.LITERAL && name.equals(EVERY);
  }

  /**
   * The same as Kafka takes it, a rule for each operation.
   *
   * @param principal who is given the right, such as {@code User:tidecast}
   */
  public List<AclBinding> bindings(String principal) {
    ResourcePattern resource = new ResourcePattern(type, name, pattern);
    return operations.stream()
        .map(
            operation ->
                new AclBinding(
                    resource,
                    new AccessControlEntry(
                        principal, ANY_HOST, operation, AclPermissionType.ALLOW)))
        .toList();
  }
}
