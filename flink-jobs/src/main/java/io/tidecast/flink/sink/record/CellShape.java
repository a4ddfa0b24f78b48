package io.tidecast.flink.sink.record;

import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.sink.record.write.Fields;
import io.tidecast.flink.sink.record.write.Shape;
import java.io.IOException;

/** Writes one channel of a closed cell, as {@code Cell.avsc} has it. */
final class CellShape implements Shape<CellShape.CellValue> {

  /**
   * One channel of a closed cell.
   *
   * @param channel from 0
   * @param target what the channel is called in records
   */
  record CellValue(ClosedCell cell, int channel, String target) {}

  @Override
  public void write(CellValue one, Fields out) throws IOException {
    double value = one.cell().values()[one.channel()];
    out.text("series", one.cell().series());
    out.text("target", one.target());
    out.time("time", one.cell().timeMillis());
    out.optionalNumber("value", Double.isNaN(value) ? null : (Double) value);
    out.flag("correction", one.cell().correction());
  }
}
