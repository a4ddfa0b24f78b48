package io.tidecast.postgres;

import static java.util.Objects.requireNonNull;

import io.tidecast.schemas.ErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Tells of records that cannot be copied, so that a million of them are a few lines: of the first
 * of each reason at once, and of how many there were since then once a minute. One thread.
 */
final class RefusalTally {

  private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanos;
  private final Consumer<String> log;
  private final Set<ErrorCode> shown = EnumSet.noneOf(ErrorCode.class);
  private final Map<ErrorCode, Long> untold = new EnumMap<>(ErrorCode.class);
  private long toldNanos;

  /**
   * @param nanos a clock as of {@link System#nanoTime}
   * @param log takes the lines
   */
  RefusalTally(LongSupplier nanos, Consumer<String> log) {
    this.nanos = nanos;
    this.log = log;
  }

  /** Takes records that are refused, and tells of those whose reason is new. */
  void add(Collection<Entry> refused) {
    for (Entry entry : refused) {
      Entry.Refusal refusal = requireNonNull(entry.refusal(), "refusal is null");
      if (!shown.add(refusal.code())) {
        if (untold.isEmpty()) {
          toldNanos = nanos.getAsLong();
        }
        untold.merge(refusal.code(), 1L, Long::sum);
        continue;
      }
      log.accept(
          "%s@%d cannot be copied to PostgreSQL and is a dead letter, for the reason %s: %s. Further ones are told together, once a minute."
              .formatted(
                  entry.partition(),
                  entry.record().offset(),
                  refusal.code().code(),
                  CopyLoop.oneLine(refusal.detail())));
    }
  }

  /** Tells of those that were only counted, once the first of them has waited a minute. */
  void tell() {
    if (untold.isEmpty() || nanos.getAsLong() - toldNanos < EVERY_NANOS) {
      return;
    }
    log.accept(
        untold.entrySet().stream()
            .map(
                one ->
                    String.format(
                        Locale.ROOT, "%,d for the reason %s", one.getValue(), one.getKey().code()))
            .collect(
                Collectors.joining(
                    " and ",
                    "More records could not be copied to PostgreSQL and are dead letters: ",
                    ".")));
    untold.clear();
  }
}
