package io.tidecast.flink.config;

import io.tidecast.flink.config.key.MixtureKeys;
import io.tidecast.flink.config.slot.SlotRules;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.mixture.MixtureSettings;
import io.tidecast.flink.mixture.NaiveMember;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.mixture.Naive;
import java.time.Duration;
import java.util.List;

/** How forecasts are mixed and calibrated, and what must hold between those keys. */
final class MixtureRules {

  /** Beyond this, the cells of a season are a mistake rather than a wish. */
  private static final int MOST_CELLS = 100_000;

  private static final ConfigType<Duration> LENGTH = ConfigType.duration("1ms", "3660d");

  private MixtureRules() {}

  static void check(ConfigValues values) {
    List<String> members = values.get(MixtureKeys.MEMBERS);
    if (members != null && !members.contains(MixtureKeys.MODEL)) {
      values.problem(
          "must have model among them, which every mixture is made with: mixture.members="
              + members);
    }
    if (values.isMissing(MixtureKeys.MEMBERS)) {
      if (Boolean.TRUE.equals(values.get(MixtureKeys.SHOW_MEMBERS))) {
        values.problem(
            "must go with mixture.members, for without them there are none: mixture.show-members=true");
      }
      if (SlotRules.haveMember(values)) {
        values.problem(
            "must go with mixture.members, such as [model, repeat-last], for a member of no mixture forecasts for nothing: models[].role=member");
      }
    }
    checkSeasons(values, members == null ? List.of() : members);
    checkLevels(values);
  }

  private static void checkSeasons(ConfigValues values, List<String> members) {
    GridStep step = values.get(ConfigKeys.STEP);
    if (step == null) {
      return;
    }
    for (String member : members) {
      if (!member.startsWith(NaiveMember.SEASONAL) || member.endsWith(MixtureKeys.CELLS)) {
        continue;
      }
      String text = member.substring(NaiveMember.SEASONAL.length());
      if (!LENGTH.accepts(text)) {
        values.problem(
            "must have a season of %s: mixture.members=%s".formatted(LENGTH.range(), member));
      } else if (LENGTH.parser().apply(text).toMillis() % step.millis() != 0) {
        values.problem(
            "must have a season that is a multiple of series.step=%s, or a number of cells such as %s12%s: mixture.members=%s"
                .formatted(step.length(), NaiveMember.SEASONAL, MixtureKeys.CELLS, member));
      }
    }
    for (NaiveMember member : naives(members, step)) {
      Duration season = member.season();
      if (season != null && season.dividedBy(step.length()) > MOST_CELLS) {
        values.problem(
            "must have a season of no more than %d cells, which are kept of each series: mixture.members=%s"
                .formatted(MOST_CELLS, member.id()));
      }
    }
  }

  private static void checkLevels(ConfigValues values) {
    List<Double> levels = values.get(MixtureKeys.LEVELS);
    if (levels == null) {
      return;
    }
    for (int i = 0; i < levels.size(); i++) {
      if (i > 0 && levels.get(i) <= levels.get(i - 1)) {
        values.problem("must ascend: calibration.levels=%s".formatted(levels));
        return;
      }
      if (!MixtureSettings.hasPartner(levels.get(i), levels)) {
        values.problem(
            "must have with each level its partner, as 0.95 with 0.05: calibration.levels=%s, without that of %s"
                .formatted(levels, levels.get(i)));
        return;
      }
    }
  }

  static MixtureSettings settings(ConfigValues values) {
    List<String> members = values.get(MixtureKeys.MEMBERS);
    List<Double> levels = values.get(MixtureKeys.LEVELS);
    return new MixtureSettings(
        members != null,
        members == null ? List.of() : naives(members, values.require(ConfigKeys.STEP)),
        values.require(MixtureKeys.SHOW_MEMBERS),
        levels == null ? List.of() : levels);
  }

  /** Those whose length can be read. */
  private static List<NaiveMember> naives(List<String> members, GridStep step) {
    return members.stream()
        .filter(member -> !member.equals(MixtureKeys.MODEL))
        .map(
            member ->
                switch (member) {
                  case "repeat-last" -> NaiveMember.REPEAT_LAST;
                  case "linear" -> NaiveMember.LINEAR;
                  default -> seasonal(member, step);
                })
        .toList();
  }

  private static NaiveMember seasonal(String member, GridStep step) {
    String text = member.substring(NaiveMember.SEASONAL.length());
    Duration season =
        text.endsWith(MixtureKeys.CELLS)
            ? step.length()
                .multipliedBy(
                    Long.parseLong(text.substring(0, text.length() - MixtureKeys.CELLS.length())))
            : LENGTH.accepts(text) ? LENGTH.parser().apply(text) : step.length();
    return new NaiveMember(member, Naive.Kind.SEASON, season);
  }
}
