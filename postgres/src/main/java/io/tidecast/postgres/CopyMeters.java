package io.tidecast.postgres;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.tidecast.postgres.rows.Table;
import io.tidecast.schemas.ErrorCode;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Gives the figures of a copier to a registry of Micrometer. */
final class CopyMeters {

  private CopyMeters() {}

  static void register(CopyFigures figures, MeterRegistry registry) {
    counter(
        registry,
        figures,
        "records",
        CopyFigures::records,
        "This many records were copied, dead letters included.");
    counter(
        registry,
        figures,
        "transactions",
        CopyFigures::transactions,
        "This many transactions were committed.");
    for (ErrorCode reason : Entry.Refusal.REASONS) {
      FunctionCounter.builder(
              "tidecast.postgres.dead.letters", figures, all -> all.deadLetters(reason))
          .tag("reason", reason.code())
          .description("This many records could not be copied for the reason and are dead letters.")
          .register(registry);
    }
    counter(
        registry,
        figures,
        "missed.records",
        CopyFigures::missedRecords,
        "This many records were deleted from Kafka before they were copied.");
    counter(
        registry,
        figures,
        "deleted.rows",
        CopyFigures::deletedRows,
        "This many rows were deleted, for they were too old.");
    counter(
        registry,
        figures,
        "failures",
        CopyFigures::failures,
        "This many tries failed, for PostgreSQL, Kafka or a registry did not do what was asked.");
    for (Table table : Table.values()) {
      FunctionCounter.builder("tidecast.postgres.rows", figures, all -> all.rows(table))
          .tag("table", table.id())
          .description("This many rows of the table are new or were changed.")
          .register(registry);
    }
    Gauge.builder("tidecast.postgres.lag.records", figures, CopyFigures::lagRecords)
        .description("This many records are in the topics and not copied yet.")
        .register(registry);
    TimeGauge.builder(
            "tidecast.postgres.away", figures, TimeUnit.MILLISECONDS, CopyFigures::awayMillis)
        .description("For so long nothing could be copied; 0 while it can.")
        .register(registry);
  }

  private static void counter(
      MeterRegistry registry,
      CopyFigures figures,
      String name,
      ToDoubleFunction<CopyFigures> count,
      String description) {
    FunctionCounter.builder("tidecast.postgres." + name, figures, count)
        .description(description)
        .register(registry);
  }
}
