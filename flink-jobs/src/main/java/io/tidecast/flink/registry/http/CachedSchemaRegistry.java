package io.tidecast.flink.registry.http;

import io.tidecast.flink.registry.RegisteredSchema;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.flink.registry.UnknownSchemaException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers which schema a reference means, which never changes, and for a while what the registry
 * does not know. Any thread.
 */
final class CachedSchemaRegistry implements SchemaRegistry {

  /** Somebody may register what was not known. */
  static final Duration UNKNOWN_FOR = Duration.ofSeconds(30);

  /** A registry of several machines may know on one what it does not yet know on another. */
  static final Duration SECOND_LOOK = Duration.ofSeconds(1);

  private static final int MOST = 10_000;

  private final SchemaRegistry registry;
  private final Pauses pauses;
  private final Map<SchemaRef, RegisteredSchema> known = bounded();
  private final Map<SchemaRef, Unknown> unknown = bounded();
  private long nextSecondLookNanos;

  /**
   * What the registry did not know.
   *
   * @param untilNanos when it is asked again
   */
  private record Unknown(String message, long untilNanos) {}

  CachedSchemaRegistry(SchemaRegistry registry, Pauses pauses) {
    this.registry = registry;
    this.pauses = pauses;
    this.nextSecondLookNanos = pauses.nanos();
  }

  @Override
  public synchronized RegisteredSchema schema(SchemaRef ref) throws UnknownSchemaException {
    RegisteredSchema found = known.get(ref);
    if (found != null) {
      return found;
    }
    Unknown before = unknown.get(ref);
    if (before != null && pauses.nanos() - before.untilNanos < 0) {
      throw new UnknownSchemaException(before.message);
    }
    try {
      found = looked(ref);
    } catch (UnknownSchemaException e) {
      unknown.put(ref, new Unknown(e.getMessage(), pauses.nanos() + UNKNOWN_FOR.toNanos()));
      throw e;
    }
    unknown.remove(ref);
    known.put(ref, found);
    return found;
  }

  /** Asks a second time before a record is given up, but not for each of a million. */
  private RegisteredSchema looked(SchemaRef ref) throws UnknownSchemaException {
    try {
      return registry.schema(ref);
    } catch (UnknownSchemaException e) {
      if (pauses.nanos() - nextSecondLookNanos < 0) {
        throw e;
      }
      nextSecondLookNanos = pauses.nanos() + UNKNOWN_FOR.toNanos();
    }
    try {
      pauses.pause(SECOND_LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return registry.schema(ref);
  }

  @Override
  public RegisteredSchema latest(String subject) throws UnknownSchemaException {
    return registry.latest(subject);
  }

  @Override
  public int id(String subject, RegisteredSchema schema) throws UnknownSchemaException {
    return registry.id(subject, schema);
  }

  @Override
  public int register(String subject, RegisteredSchema schema) {
    return registry.register(subject, schema);
  }

  @Override
  public List<String> complaints(String subject, RegisteredSchema schema) {
    return registry.complaints(subject, schema);
  }

  @Override
  public void ping() {
    registry.ping();
  }

  private static <V> Map<SchemaRef, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<SchemaRef, V> eldest) {
        return size() > MOST;
      }
    };
  }
}
