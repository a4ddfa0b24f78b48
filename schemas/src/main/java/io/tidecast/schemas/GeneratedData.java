package io.tidecast.schemas;

import static java.util.Objects.requireNonNull;

import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions.TimestampMillisConversion;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Avro's view of one generated record. Since 1.12.2 Avro refuses to look a record class up by the
 * name in a schema unless a system property trusts it; here the class is at hand, so no lookup by
 * name takes place and no property is needed.
 */
final class GeneratedData extends SpecificData {

  private final Class<? extends SpecificRecordBase> type;
  private final String fullName;

  GeneratedData(Class<? extends SpecificRecordBase> type, Schema schema) {
    super(type.getClassLoader());
    this.type = requireNonNull(type, "type is null");
    this.fullName = schema.getFullName();
    addLogicalTypeConversion(new TimestampMillisConversion());
  }

  @Override
  public DatumReader<?> createDatumReader(Schema written, Schema read) {
    return new PromotingReader<>(written, read, this);
  }

  @Override
  public Class<?> getClass(Schema schema) {
    boolean own = schema.getType() == Schema.Type.RECORD && schema.getFullName().equals(fullName);
    return own ? type : super.getClass(schema);
  }
}
