package io.tidecast.benchmarks.encode;

import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Writes forecasts without quantiles with Avro's own encoder, field by field and without boxes. */
final class AvroFields {

  private final byte[] header;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);

  /**
   * @param header before each record
   */
  AvroFields(byte[] header) {
    this.header = header;
  }

  byte[] bytes(IssuedForecast forecast) throws IOException {
    bytes.reset();
    bytes.writeBytes(header);
    out = EncoderFactory.get().binaryEncoder(bytes, out);
    Issuer issuer = forecast.issuer();
    out.writeString(forecast.series());
    out.writeLong(forecast.originMillis());
    out.writeLong(forecast.issuedAtMillis());
    out.writeLong(Samples.STEP_MILLIS);
    out.writeInt(forecast.horizon());
    out.writeString(issuer.modelId());
    out.writeString(issuer.modelVersion());
    out.writeInt(issuer.channels());
    out.writeArrayStart();
    out.setItemCount(issuer.targets().length);
    for (String target : issuer.targets()) {
      out.startItem();
      out.writeString(target);
    }
    out.writeArrayEnd();
    out.writeArrayStart();
    out.setItemCount(forecast.horizon());
    for (int i = 0; i < forecast.horizon(); i++) {
      out.startItem();
      out.writeDouble(forecast.point(i, 0));
    }
    out.writeArrayEnd();
    out.writeInt(0); // No levels,
    out.writeInt(0); // and no quantiles.
    out.writeInt(forecast.filledCells());
    out.writeBoolean(forecast.fallback());
    out.writeInt(forecast.revision());
    out.writeString(Samples.role(forecast));
    out.flush();
    return bytes.toByteArray();
  }

  /** The header of a record. */
  static byte[] header(byte[] record) {
    return Arrays.copyOf(record, 10);
  }
}
