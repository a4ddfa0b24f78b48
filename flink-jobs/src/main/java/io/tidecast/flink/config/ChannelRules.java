package io.tidecast.flink.config;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.source.ChannelMode;
import io.tidecast.flink.source.ChannelSeries;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold where each channel is a series of its own. */
final class ChannelRules {

  private ChannelRules() {}

  static boolean independent(ConfigValues values) {
    return values.get(ConfigKeys.CHANNEL_MODE) == ChannelMode.INDEPENDENT;
  }

  /**
   * The series that a record becomes; null if it stays one, or something is wrong and the values
   * have a problem more.
   */
  static @Nullable ChannelSeries channelSeries(ConfigValues values) {
    if (!independent(values)) {
      return null;
    }
    Integer channels = values.get(ConfigKeys.CHANNELS);
    if (channels != null && channels != 1) {
      values.problem(
          "must be 1, what a model takes of each series, with series.channel-mode=independent:"
              + " series.channels=%d".formatted(channels));
    }
    for (ConfigKey<?> key :
        List.of(ConfigKeys.SOURCE_FORMAT.name, ConfigKeys.SOURCE_FORMAT.value)) {
      if (values.isGiven(key)) {
        values.problem(
            "must not be given with series.channel-mode=independent: %s; where a record holds one channel, its name can be a part of source.mapping.series"
                .formatted(key.path()));
      }
    }
    if (values.isMissing(ConfigKeys.SOURCE_FORMAT.channelNames)) {
      values.problem(
          "must be given with series.channel-mode=independent: %s, %s"
              .formatted(
                  ConfigKeys.SOURCE_FORMAT.channelNames.path(),
                  ConfigKeys.SOURCE_FORMAT.channelNames.type().range()));
    }
    List<String> names = values.get(ConfigKeys.SOURCE_FORMAT.channelNames);
    String separator = values.get(ConfigKeys.SOURCE_FORMAT.separator);
    if (names == null || separator == null) {
      return null;
    }
    for (String name : names) {
      // Or two channels could get one name.
      if (name.contains(separator)) {
        values.problem(
            "must not contain source.mapping.series-separator=%s: source.mapping.channel-names=%s"
                .formatted(separator, name));
      }
    }
    return new ChannelSeries(names, separator);
  }
}
