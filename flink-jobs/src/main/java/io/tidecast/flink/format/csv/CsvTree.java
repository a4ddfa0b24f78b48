package io.tidecast.flink.format.csv;

import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of a CSV file, whose fields have the names of its columns. An empty field is null.
 */
public final class CsvTree implements RecordTree {

  private final Map<String, Integer> columns = new HashMap<>();

  /**
   * @param names of the columns, all different
   */
  public CsvTree(List<String> names) {
    names.forEach(name -> columns.put(name, columns.size()));
  }

  @Override
  public Object decode(byte[] value) throws RefusedException {
    List<String> fields = CsvLine.fields(value);
    if (fields.size() != columns.size()) {
      throw new RefusedException(
          ErrorCode.MALFORMED,
          "line must have the %d columns of the first line: columns=%d"
              .formatted(columns.size(), fields.size()));
    }
    return fields;
  }

  @Override
  public @Nullable Object child(Object node, Step step) {
    Integer column = node instanceof List<?> ? columns.get(step.name()) : null;
    if (column == null) {
      return NO_PARENT;
    }
    Object field = ((List<?>) node).get(column);
    return "".equals(field) ? null : field;
  }

  @Override
  public Object scalar(Object node) {
    return node;
  }
}
