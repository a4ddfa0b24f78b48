package io.tidecast.flink.sink.record;

import io.tidecast.flink.sink.RecordKey;
import io.tidecast.flink.sink.record.write.Fields;
import io.tidecast.flink.sink.record.write.Shape;
import java.io.IOException;

/** Writes the key of a point that is more than its series. */
record PointKeyShape(RecordKey key) implements Shape<Point> {

  @Override
  public void write(Point point, Fields out) throws IOException {
    out.text("series", point.forecast().series(), point.series());
    if (key.isOfPoints()) {
      out.text("target", point.targetName());
      out.time("time", point.timeMillis());
    }
    if (key.hasOrigin()) {
      out.time("origin", point.forecast().originMillis());
    }
  }
}
