package io.tidecast.flink.source;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.SourceFormat.Order;
import io.tidecast.flink.record.PassedHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where observations come from, and what they look like there.
 *
 * @param groupId consumer group whose offsets are committed with every checkpoint
 * @param order in which the records of a partition, or of a file, stand; a topic that does not end
 *     is oldest first
 * @param maxOutOfOrderness how far the watermark trails the latest observation of a partition
 * @param idleTimeout after which a silent partition holds no watermark back; zero for never
 * @param maxFuture how far the time of an observation may lie ahead of the clock
 * @param channels null where the channels of a record stay together
 * @param passed headers of a record that go onto the forecasts that come of it
 */
public record SourceSettings(
    Topics topics,
    String groupId,
    Start start,
    Stop stop,
    Order order,
    Duration maxOutOfOrderness,
    Duration idleTimeout,
    Duration maxFuture,
    SourceFormat format,
    @Nullable ChannelSeries channels,
    PassedHeaders passed) {

  public SourceSettings {
    requireNonNull(topics, "topics is null");
    requireNonNull(groupId, "groupId is null");
    requireNonNull(start, "start is null");
    requireNonNull(stop, "stop is null");
    requireNonNull(order, "order is null");
    requireNonNull(maxOutOfOrderness, "maxOutOfOrderness is null");
    requireNonNull(idleTimeout, "idleTimeout is null");
    requireNonNull(maxFuture, "maxFuture is null");
    requireNonNull(format, "format is null");
    requireNonNull(passed, "passed is null");
    if (maxOutOfOrderness.isNegative() || idleTimeout.isNegative() || maxFuture.isNegative()) {
      throw new IllegalArgumentException(
          "must not be negative: maxOutOfOrderness=%s, idleTimeout=%s, maxFuture=%s"
              .formatted(maxOutOfOrderness, idleTimeout, maxFuture));
    }
    if (order == Order.NEWEST_FIRST && !ends(stop, format)) {
      throw new IllegalArgumentException("must end to be read from there back: stop=" + stop);
    }
  }

  /** What the job file gives for topics of Tidecast's own observations where it says no more. */
  public static Builder builder(Topics topics) {
    return new Builder(topics);
  }

  /** Returns the same with records of another format. */
  public SourceSettings with(SourceFormat other) {
    return new SourceSettings(
        topics,
        groupId,
        start,
        stop,
        order,
        maxOutOfOrderness,
        idleTimeout,
        maxFuture,
        other,
        channels,
        passed);
  }

  /** Returns the same from the first record up to those that there are now, or to an end before. */
  public SourceSettings ofHistory() {
    return new SourceSettings(
        topics,
        groupId,
        Start.EARLIEST,
        stop.kind() == Stop.Kind.NEVER ? new Stop(Stop.Kind.LATEST, null) : stop,
        order,
        maxOutOfOrderness,
        idleTimeout,
        maxFuture,
        format,
        channels,
        passed);
  }

  /** Whether the job ends by itself. */
  public boolean isBounded() {
    return ends(stop, format);
  }

  private static boolean ends(Stop stop, SourceFormat format) {
    return stop.kind() != Stop.Kind.NEVER || format instanceof SourceFormat.Csv;
  }

  /** Whether topics are read from where the job ends back to their first records. */
  public boolean isReadBackward() {
    return order == Order.NEWEST_FIRST && !(format instanceof SourceFormat.Csv);
  }

  /** For people: the topics, or the files. */
  public String origin() {
    return format instanceof SourceFormat.Csv csv
        ? String.join(", ", csv.files())
        : topics.toString();
  }

  /** One thread. */
  public static final class Builder {

    private final Topics topics;
    private String groupId = "tidecast";
    private Start start = Start.COMMITTED;
    private Stop stop = Stop.NEVER;
    private Order order = Order.OLDEST_FIRST;
    private Duration maxOutOfOrderness = Duration.ZERO;
    private Duration idleTimeout = Duration.ofSeconds(30);
    private Duration maxFuture = Duration.ofHours(1);
    private SourceFormat format = new SourceFormat.Tidecast();
    private @Nullable ChannelSeries channels;
    private PassedHeaders passed = PassedHeaders.OF_A_TRACE;

    private Builder(Topics topics) {
      this.topics = topics;
    }

    public Builder groupId(String groupId) {
      this.groupId = groupId;
      return this;
    }

    public Builder start(Start start) {
      this.start = start;
      return this;
    }

    public Builder stop(Stop stop) {
      this.stop = stop;
      return this;
    }

    public Builder order(Order order) {
      this.order = order;
      return this;
    }

    public Builder maxOutOfOrderness(Duration maxOutOfOrderness) {
      this.maxOutOfOrderness = maxOutOfOrderness;
      return this;
    }

    public Builder idleTimeout(Duration idleTimeout) {
      this.idleTimeout = idleTimeout;
      return this;
    }

    public Builder maxFuture(Duration maxFuture) {
      this.maxFuture = maxFuture;
      return this;
    }

    public Builder format(SourceFormat format) {
      this.format = format;
      return this;
    }

    public Builder channels(@Nullable ChannelSeries channels) {
      this.channels = channels;
      return this;
    }

    public Builder passed(PassedHeaders passed) {
      this.passed = passed;
      return this;
    }

    public SourceSettings build() {
      return new SourceSettings(
          topics,
          groupId,
          start,
          stop,
          order,
          maxOutOfOrderness,
          idleTimeout,
          maxFuture,
          format,
          channels,
          passed);
    }
  }
}
