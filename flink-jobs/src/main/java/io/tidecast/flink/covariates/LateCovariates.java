package io.tidecast.flink.covariates;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.schemas.ErrorCode;
import java.io.Serializable;
import java.time.Instant;

/** Dead letters of values whose cell is not kept any more. */
public record LateCovariates(GridStep step, MillisClock clock) implements Serializable {

  Rejection rejection(Measurement values, CovariateRing ring) {
    String detail =
        "time must not be before the oldest cell whose covariates are kept (covariates.keep), %s: time=%s"
            .formatted(
                Instant.ofEpochMilli(step.startMillis(ring.oldestAccepted())),
                Instant.ofEpochMilli(values.timeMillis()));
    return Rejection.of(ErrorCode.LATE, detail, values, clock.millis());
  }
}
