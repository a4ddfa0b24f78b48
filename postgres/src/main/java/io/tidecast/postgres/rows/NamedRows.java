package io.tidecast.postgres.rows;

import io.tidecast.flink.read.RecordDecoder;
import io.tidecast.schemas.Anomaly;
import io.tidecast.schemas.Cell;
import io.tidecast.schemas.ForecastScore;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Makes rows of records whose fields are columns, under the same names in another spelling. */
final class NamedRows {

  private NamedRows() {}

  static RowMaker ofCells(RecordDecoder<Cell> decoder) {
    return (record, out) -> {
      Cell cell = decoder.decode(record);
      Object series = Column.of(cell, "series", "");
      Object target = Column.of(cell, "target", "");
      out.accept(
          Row.of(
              Table.OBSERVATIONS,
              series,
              target,
              Column.of(cell, "time"),
              Column.of(cell, "value"),
              cell.getCorrection()));
      out.accept(Row.of(Table.SERIES, series, target));
    };
  }

  static RowMaker ofScores(RecordDecoder<ForecastScore> decoder) {
    return (record, out) -> {
      ForecastScore score = decoder.decode(record);
      @Nullable Object[] values = values(Table.SCORES, score);
      int role = Table.SCORES.columns().indexOf("role");
      values[role] = values[role] == null ? "primary" : values[role];
      out.accept(new Row(Table.SCORES, values));
      out.accept(ModelRows.seen(score.getModelId(), score.getModelVersion(), score.getTime()));
    };
  }

  static RowMaker ofAnomalies(RecordDecoder<Anomaly> decoder) {
    return (record, out) ->
        out.accept(new Row(Table.ANOMALIES, values(Table.ANOMALIES, decoder.decode(record))));
  }

  private static @Nullable Object[] values(Table table, SpecificRecordBase record) {
    List<String> columns = table.columns();
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Column.of(record, camelCase(columns.get(i)));
    }
    return values;
  }

  /** How records spell the name of a column: {@code model_id} is {@code modelId}. */
  static String camelCase(String column) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < column.length(); i++) {
      char c = column.charAt(i);
      if (c == '_') {
        i++;
        name.append(Character.toUpperCase(column.charAt(i)));
      } else {
        name.append(c);
      }
    }
    return name.toString();
  }
}
