package io.tidecast.flink.source.csv;

import io.tidecast.flink.format.MappedReader;
import io.tidecast.flink.format.Readings;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.SourceFormat.Order;
import io.tidecast.flink.format.csv.CsvTree;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.PassedOver;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.runtime.csv.CsvLayout;
import io.tidecast.runtime.csv.CsvRecord;
import io.tidecast.runtime.csv.CsvRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Looks at the first observations of a file: do their times go on, or back? One thread. */
final class FileOrder implements Readings {

  private static final int RECORDS = 1_000;

  /** So few may be a coincidence. */
  private static final int FEWEST = 3;

  private final Map<String, Long> latest = new HashMap<>();
  private int later;
  private int earlier;

  private FileOrder() {}

  /** Says that a file seems to be in the other order; null if it does not. */
  static @Nullable String of(Path file, CsvLayout layout, SourceFormat.Csv csv) throws IOException {
    FileOrder order = new FileOrder();
    Mapping mapping = csv.mapping().with(layout.marks());
    MappedReader reader = new MappedReader(mapping, new CsvTree(layout, mapping.fields().toList()));
    try (CsvRows rows = layout.open(file)) {
      CsvRecord row = rows.next();
      for (int i = 0; i < RECORDS && row != null; i++) {
        SourceRecord record =
            new SourceRecord(file.toString(), 0, row.line(), -1, null, row.bytes());
        try {
          reader.read(record, new RecordHeaders(), order);
        } catch (RefusedException e) {
          // It becomes a dead letter when it is read.
        }
        row = rows.next();
      }
    }
    return order.said(csv.order());
  }

  private @Nullable String said(Order declared) {
    if (declared == Order.OLDEST_FIRST && earlier >= FEWEST && later == 0) {
      return "it seems to be newest first, and what is older than the first record is late; set source.order to newest-first";
    }
    if (declared == Order.NEWEST_FIRST && later >= FEWEST && earlier == 0) {
      return "it seems to be oldest first, and read backwards all but its last record is late; leave out source.order=newest-first";
    }
    return null;
  }

  @Override
  public void found(Measurement measurement) {
    Long before = latest.put(measurement.series(), measurement.timeMillis());
    if (before != null && before != measurement.timeMillis()) {
      if (before < measurement.timeMillis()) {
        later++;
      } else {
        earlier++;
      }
    }
  }

  @Override
  public void refused(RefusedException why) {}

  @Override
  public void passedOver(PassedOver.Reason reason, int count) {}
}
