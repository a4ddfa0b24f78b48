package io.tidecast.flink.promotion;

import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.runtime.promotion.ModelName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows where the versions are that sign forecasts: the newest of each name in a slot. One thread.
 */
final class Roster {

  /** Versions come and go; those of a job are few at any time. */
  private static final int MOST = 256;

  private record Key(String slot, ModelName name) {}

  private final Map<Key, ModelEvent.Version> versions = new LinkedHashMap<>();

  /**
   * A version is open.
   *
   * @return the one that has the same name and slot, and is another; null where there is none
   */
  ModelEvent.@Nullable Version add(OpenVersion open) {
    ModelEvent.Version version = open.version();
    if (version.modelId() == null || version.modelVersion() == null) {
      return null;
    }
    Key key = new Key(open.slot(), new ModelName(version.modelId(), version.modelVersion()));
    ModelEvent.Version before = versions.remove(key);
    versions.put(key, version);
    if (versions.size() > MOST) {
      versions.remove(versions.keySet().iterator().next());
    }
    return before == null || before.equals(version) ? null : before;
  }

  /**
   * A version is to be closed in one subtask. The others follow the same commands, each in their
   * order, so what all of them have told in the end is what the last one has.
   */
  void remove(OpenVersion closed) {
    versions
        .entrySet()
        .removeIf(
            each ->
                each.getKey().slot().equals(closed.slot())
                    && each.getValue().equals(closed.version()));
  }

  /** The version of a name in a slot; null where none is known that can be read again. */
  ModelEvent.@Nullable Version find(String slot, ModelName name) {
    ModelEvent.Version found = versions.get(new Key(slot, name));
    return found == null || found.place().isEmpty() ? null : found;
  }

  /**
   * Where a version of a name was opened last; null where none is known that can be read again.
   *
   * @param slots where it may be
   */
  @Nullable OpenVersion last(Collection<String> slots, ModelName name) {
    OpenVersion last = null;
    for (Map.Entry<Key, ModelEvent.Version> each : versions.entrySet()) {
      Key key = each.getKey();
      if (key.name().equals(name)
          && slots.contains(key.slot())
          && !each.getValue().place().isEmpty()) {
        last = new OpenVersion(key.slot(), each.getValue());
      }
    }
    return last;
  }

  /** All of them, the newest last. */
  List<OpenVersion> all() {
    List<OpenVersion> all = new ArrayList<>();
    versions.forEach((key, version) -> all.add(new OpenVersion(key.slot(), version)));
    return all;
  }
}
