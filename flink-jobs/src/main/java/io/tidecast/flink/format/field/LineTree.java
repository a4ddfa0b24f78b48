package io.tidecast.flink.format.field;

import io.tidecast.schemas.ErrorCode;
import java.util.Arrays;

/**
 * Reads values that are lines of another format, one after the other. A line that cannot be read
 * does the others no harm. One thread uses it.
 */
public final class LineTree extends WrappedTree {

  private final RecordTree ofLine;

  public LineTree(RecordTree ofLine) {
    super(ofLine);
    this.ofLine = ofLine;
  }

  @Override
  public void decode(byte[] value, Roots roots) throws RefusedException {
    int number = 0;
    boolean any = false;
    for (int from = 0; from < value.length; ) {
      number++;
      int to = from;
      while (to < value.length && value[to] != '\n') {
        to++;
      }
      if (!isBlank(value, from, to)) {
        any = true;
        line(Arrays.copyOfRange(value, from, to), number, roots);
      }
      from = to + 1;
    }
    if (!any) {
      throw new RefusedException(ErrorCode.MALFORMED, "value must have a line that is not blank");
    }
  }

  private void line(byte[] line, int number, Roots roots) {
    String where = "line " + number;
    Object root;
    try {
      root = ofLine.decode(line);
    } catch (RefusedException e) {
      roots.refused(e.with(" (%s)".formatted(where)));
      return;
    }
    roots.root(root, where);
  }

  private static boolean isBlank(byte[] value, int from, int to) {
    for (int i = from; i < to; i++) {
      if (value[i] != ' ' && value[i] != '\t' && value[i] != '\r') {
        return false;
      }
    }
    return true;
  }
}
