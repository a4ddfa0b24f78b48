package io.tidecast.flink.format.csv;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.FieldPath.Step;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.runtime.csv.CsvException;
import io.tidecast.runtime.csv.CsvLayout;
import io.tidecast.schemas.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of a CSV file, whose fields have the names of its columns. An empty field is null.
 */
public final class CsvTree implements RecordTree {

  /** A decoder puts it in the place of bytes that it cannot read. */
  private static final char UNREADABLE = '\uFFFD';

  private final CsvLayout layout;
  private final Map<String, Integer> columns = new HashMap<>();
  private final Map<FieldPath, List<Step>> steps = new HashMap<>();
  private final List<Integer> wanted = new ArrayList<>();

  /**
   * @param fields that are read; each must be one column
   */
  public CsvTree(CsvLayout layout, List<FieldPath> fields) {
    this.layout = layout;
    for (FieldPath field : fields) {
      if (field.place() == FieldPath.Place.VALUE) {
        String name = field.column();
        int column = layout.columns().indexOf(name);
        columns.put(name, column);
        wanted.add(column);
        steps.put(field, FieldPath.ofColumn(name).steps());
      }
    }
  }

  @Override
  public Object decode(byte[] value) throws RefusedException {
    List<String> fields;
    try {
      fields = layout.fields(value);
    } catch (CsvException e) {
      throw new RefusedException(ErrorCode.MALFORMED, "line " + e.getMessage());
    }
    for (int column : wanted) {
      if (fields.get(column).indexOf(UNREADABLE) >= 0) {
        throw new RefusedException(
            ErrorCode.MALFORMED,
            "line must be text: column %s has bytes that are no %s; source.csv.encoding says what they are"
                .formatted(layout.columns().get(column), layout.encoding().charset().name()));
      }
    }
    return fields;
  }

  @Override
  public List<Step> steps(FieldPath path) {
    List<Step> known = steps.get(path);
    return known == null ? path.steps() : known;
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
