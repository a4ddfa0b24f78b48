package io.tidecast.flink.source;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.runtime.time.EpochUnit;
import io.tidecast.runtime.time.Likely;
import io.tidecast.runtime.time.TimeFormat;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells times that are probably counted in another unit than the one in which they are read.
 *
 * @param format of the times; null where records are Tidecast's own
 * @param unit of the times; null where they are text, which is in no unit
 */
record TimeDoubts(@Nullable TimeFormat format, @Nullable EpochUnit unit) implements Serializable {

  static TimeDoubts of(SourceFormat source) {
    if (!(source instanceof SourceFormat.Mapped mapped)) {
      return new TimeDoubts(null, EpochUnit.EPOCH_MILLIS);
    }
    TimeFormat format = mapped.mapping().time().format();
    return new TimeDoubts(format, EpochUnit.of(format.name()).orElse(null));
  }

  /** Says what another unit makes of a time that cannot be; empty where none makes sense of it. */
  Optional<String> hint(long timeMillis) {
    return unit == null
        ? Optional.empty()
        : Likely.instead(unit, timeMillis)
            .map(
                likely ->
                    format == null
                        ? "it would be %s if it were written as milliseconds"
                            .formatted(likely.time())
                        : likely.in(format));
  }

  /** Says whether a time is in the first days of 1970, and would make sense in a larger unit. */
  boolean isDoubtful(long timeMillis) {
    return unit != null && Likely.insteadOfFiner(unit, timeMillis).isPresent();
  }
}
