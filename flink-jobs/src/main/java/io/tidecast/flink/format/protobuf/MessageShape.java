package io.tidecast.flink.format.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Describes a message as a schema of Avro, so that a mapping can be held against either. Nothing is
 * decoded with it.
 */
public final class MessageShape {

  private final Map<String, Schema> records = new HashMap<>();

  private MessageShape() {}

  /** Returns the schema of a record that has the fields of a message. */
  public static Schema of(Descriptor message) {
    return new MessageShape().message(message);
  }

  private Schema message(Descriptor message) {
    String name = message.getFullName();
    if (name.equals(ProtobufValues.TIMESTAMP)) {
      return LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
    }
    if (name.equals(ProtobufValues.DECIMAL)) {
      return LogicalTypes.bigDecimal().addToSchema(Schema.create(Schema.Type.BYTES));
    }
    if (ProtobufValues.WRAPPERS.contains(name)) {
      return one(message.findFieldByNumber(1));
    }
    Schema known = records.get(name);
    if (known != null) {
      return known;
    }
    Schema record = Schema.createRecord(name, null, null, false);
    records.put(name, record);
    List<Schema.Field> fields = new ArrayList<>();
    for (FieldDescriptor field : message.getFields()) {
      fields.add(new Schema.Field(field.getName(), schema(field), null, null));
    }
    record.setFields(fields);
    return record;
  }

  private Schema schema(FieldDescriptor field) {
    if (field.isMapField()) {
      return Schema.createMap(one(field.getMessageType().findFieldByNumber(2)));
    }
    return field.isRepeated() ? Schema.createArray(one(field)) : one(field);
  }

  private Schema one(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> Schema.create(Schema.Type.INT);
      case LONG -> Schema.create(Schema.Type.LONG);
      case FLOAT -> Schema.create(Schema.Type.FLOAT);
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case BYTE_STRING -> Schema.create(Schema.Type.BYTES);
      // Names of constants are text here.
      case STRING, ENUM -> Schema.create(Schema.Type.STRING);
      case MESSAGE -> message(field.getMessageType());
    };
  }
}
