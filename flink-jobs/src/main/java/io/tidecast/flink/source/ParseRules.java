package io.tidecast.flink.source;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.record.PassedHeaders;
import io.tidecast.flink.sink.DeadLetterSettings;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a record of a topic must be.
 *
 * @param section of the job file that says so, for messages
 * @param valueCount values of a record
 * @param named whether a record is of something that has a name; else its values are of all series
 * @param maxNameChars longest name that it may have
 * @param maxFuture how far its time may lie ahead of the clock
 * @param maxValueBytes of a value that is rejected; a longer one is cut
 * @param passed headers of a record that go onto the forecasts that come of it
 * @param keepsBytes whether records that are good keep their bytes, for dead letters of late ones
 */
public record ParseRules(
    String section,
    SourceFormat format,
    int valueCount,
    boolean named,
    int maxNameChars,
    Duration maxFuture,
    int maxValueBytes,
    PassedHeaders passed,
    boolean keepsBytes)
    implements Serializable {

  static final int MAX_SERIES_CHARS = 255;

  public ParseRules {
    requireNonNull(section, "section is null");
    requireNonNull(format, "format is null");
    requireNonNull(maxFuture, "maxFuture is null");
    requireNonNull(passed, "passed is null");
  }

  /**
   * Of observations.
   *
   * @param channels of a series
   */
  public static ParseRules observations(
      SourceSettings source, int channels, DeadLetterSettings deadLetters) {
    ChannelSeries independent = source.channels();
    return new ParseRules(
        "source",
        source.format(),
        independent == null ? channels : independent.names().size(),
        true,
        MAX_SERIES_CHARS - (independent == null ? 0 : independent.longestSuffix()),
        source.maxFuture(),
        deadLetters.maxValueBytes(),
        source.passed(),
        deadLetters.keepLateValues());
  }

  /**
   * Of future covariates.
   *
   * @param count of the covariates of a record
   * @param named whether they are of a series or a group; else they are of all series
   * @param maxFuture how far their time may lie ahead of the clock
   */
  public static ParseRules covariates(
      SourceFormat format,
      int count,
      boolean named,
      Duration maxFuture,
      DeadLetterSettings deadLetters) {
    return new ParseRules(
        "covariates",
        format,
        count,
        named,
        MAX_SERIES_CHARS,
        maxFuture,
        deadLetters.maxValueBytes(),
        PassedHeaders.NONE,
        deadLetters.keepLateValues());
  }
}
