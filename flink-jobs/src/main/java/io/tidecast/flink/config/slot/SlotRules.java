package io.tidecast.flink.config.slot;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.config.value.FoundValue;
import io.tidecast.flink.config.value.Misspelling;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.SeriesRoute;
import io.tidecast.flink.model.SlotSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must hold in the list of models. */
public final class SlotRules {

  private SlotRules() {}

  /** Whether a model is for some groups of series. */
  public static boolean goByGroup(ConfigValues values) {
    return entries(values).stream().anyMatch(entry -> entry.get("group") != null);
  }

  /** Whether a model is to forecast beside another one. */
  public static boolean haveShadow(ConfigValues values) {
    return haveRole(values, ForecastRole.SHADOW);
  }

  /** Whether a model is one of a mixture. */
  public static boolean haveMember(ConfigValues values) {
    return haveRole(values, ForecastRole.MEMBER);
  }

  private static boolean haveRole(ConfigValues values, ForecastRole role) {
    return entries(values).stream().anyMatch(entry -> role.text().equals(entry.get("role")));
  }

  private static List<Map<String, Object>> entries(ConfigValues values) {
    List<Map<String, Object>> entries = values.get(SlotKeys.MODELS);
    return entries == null ? List.of() : entries;
  }

  /** The models of the list, in order; of one that is wrong, the values have a problem more. */
  public static List<SlotSettings> slots(ConfigValues values) {
    List<SlotSettings> slots = new ArrayList<>();
    Map<String, Integer> names = new HashMap<>();
    Map<SeriesRoute, Integer> routes = new HashMap<>();
    List<Map<String, Object>> entries = entries(values);
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = new Entry(values, i, entries.get(i));
      SlotSettings slot = entry.slot();
      if (slot == null) {
        continue;
      }
      Integer same = names.putIfAbsent(slot.name(), i);
      if (same != null) {
        values.problem(
            "must not be the name of models[%d] too: models[%d].name=%s"
                .formatted(same, i, slot.name()));
      }
      if (slot.role() == ForecastRole.PRIMARY) {
        Integer first = routes.putIfAbsent(slot.route(), i);
        if (first != null) {
          values.problem(
              "must differ from what models[%d] is for, which answers those series: models[%d].series, models[%d].group"
                  .formatted(first, i, i));
        }
      }
      slots.add(slot);
    }
    return slots;
  }

  /** One entry of the list, each part checked by itself. */
  private static final class Entry {

    private final ConfigValues values;
    private final int index;
    private final Map<String, Object> map;
    private boolean isGood = true;

    Entry(ConfigValues values, int index, Map<String, Object> map) {
      this.values = values;
      this.index = index;
      this.map = map;
    }

    @Nullable SlotSettings slot() {
      refuseUnknown();
      String name = get(SlotKeys.NAME);
      String path = get(SlotKeys.PATH);
      SeriesRoute route = new SeriesRoute(get(SlotKeys.SERIES), get(SlotKeys.GROUP));
      ForecastRole role = get(SlotKeys.ROLE);
      Integer horizon = get(SlotKeys.HORIZON);
      Integer minContext = get(SlotKeys.MIN_CONTEXT);
      if (isGood && role == ForecastRole.PRIMARY && route.equals(SeriesRoute.ALL)) {
        problem(
            "must say which series the model answers, for model.path is the one of all others: %s"
                .formatted(path(SlotKeys.SERIES)));
      }
      if (isGood && role != ForecastRole.PRIMARY && role != null && minContext != null) {
        problem(
            "must be left out with role: %s, which is asked when the primary is: %s=%d"
                .formatted(role.text(), path(SlotKeys.MIN_CONTEXT), minContext));
      }
      return isGood && name != null && path != null && role != null
          ? new SlotSettings(name, path, route, role, horizon, minContext)
          : null;
    }

    private void refuseUnknown() {
      List<String> known = SlotKeys.parts().stream().map(Entry::name).toList();
      for (String name : map.keySet()) {
        if (!known.contains(name)) {
          problem(
              "unknown key: models[%d].%s; did you mean models[%d].%s?"
                  .formatted(index, name, index, Misspelling.nearest(name, known)));
        }
      }
    }

    private <T> @Nullable T get(ConfigKey<T> key) {
      Object raw = map.get(name(key));
      if (raw == null) {
        if (key.isRequired()) {
          problem("must be given: %s, %s".formatted(path(key), key.type().range()));
        }
        return key.defaultValue();
      }
      if (!key.type().accepts(raw)) {
        problem(
            "must be %s: %s=%s"
                .formatted(key.type().range(), path(key), FoundValue.describe(key.type(), raw)));
        return null;
      }
      return key.type().parser().apply(raw);
    }

    private void problem(String sentence) {
      isGood = false;
      values.problem(sentence);
    }

    private static String name(ConfigKey<?> key) {
      return key.path().substring(key.path().lastIndexOf('.') + 1);
    }

    private String path(ConfigKey<?> key) {
      return "models[%d].%s".formatted(index, name(key));
    }
  }
}
