package io.tidecast.flink.config;

import static java.util.Objects.requireNonNullElse;

import io.tidecast.flink.config.key.CsvKeys;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.format.SourceFormat.Kind;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.runtime.csv.CsvOptions;
import java.util.List;

/** Makes of the keys of CSV files what they say together. */
final class CsvRules {

  private CsvRules() {}

  /** Refuses the keys where records come from topics. */
  static void check(ConfigValues values, Kind kind) {
    if (kind == Kind.CSV) {
      Character separator = values.get(CsvKeys.SEPARATOR);
      if (separator != null && separator.equals(values.get(CsvKeys.QUOTE))) {
        values.problem(
            "must differ from %s: %s=%s"
                .formatted(CsvKeys.QUOTE.path(), CsvKeys.SEPARATOR.path(), separator));
      }
      return;
    }
    for (ConfigKey<?> key : CsvKeys.all()) {
      if (values.isGiven(key) && !key.equals(CsvKeys.ORDER)) {
        values.problem(
            "must not be given with source.format=%s, of which a topic is read as it was written: %s"
                .formatted(Spelling.of(kind), key.path()));
      }
    }
  }

  static CsvOptions options(ConfigValues values) {
    return new CsvOptions(
        values.get(CsvKeys.SEPARATOR),
        values.get(CsvKeys.QUOTE),
        values.get(CsvKeys.COMMENT),
        values.get(CsvKeys.SKIP_LINES),
        requireNonNullElse(values.get(CsvKeys.COLUMNS), List.of()),
        values.get(CsvKeys.ENCODING),
        CsvOptions.Keys.OF_JOB);
  }
}
