package io.tidecast.cli.history;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Finds what a job calls the channels of a series. */
public final class ChannelNames {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");

  private ChannelNames() {}

  /** Returns the names of the covariates that a job provides, those of a topic first. */
  public static List<String> ofCovariates(JobConfig config) {
    return Covariates.of(config);
  }

  /**
   * Returns the names of the mapping where it has plain ones; {@code value}, or {@code channel_1}
   * and so on, where it has not.
   */
  public static List<String> of(JobConfig config) {
    int channels = config.series().channels();
    if (config.source().channels() == null
        && config.source().format() instanceof SourceFormat.Mapped mapped) {
      List<String> names =
          mapped.mapping().values() instanceof Mapping.Named named
              ? named.channelNames()
              : ((Mapping.Wide) mapped.mapping().values())
                  .paths().stream().map(FieldPath::toString).toList();
      if (names.size() == channels
          && new HashSet<>(names).size() == channels
          && names.stream().allMatch(name -> PLAIN.matcher(name).matches())) {
        return names;
      }
    }
    return channels == 1
        ? List.of("value")
        : IntStream.rangeClosed(1, channels).mapToObj(i -> "channel_" + i).toList();
  }
}
