package io.tidecast.flink.format;

import io.tidecast.flink.format.SourceFormat.JsonLayout;
import io.tidecast.flink.format.avro.AvroTree;
import io.tidecast.flink.format.avro.Writers;
import io.tidecast.flink.format.field.LineTree;
import io.tidecast.flink.format.field.RecordTree;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.flink.format.protobuf.ProtobufTree;
import io.tidecast.flink.format.schema.FramedTree;
import io.tidecast.flink.registry.SchemaRegistry;
import org.jspecify.annotations.Nullable;

/** Makes what knows the format of the records of topics. */
public final class RecordTrees {

  private RecordTrees() {}

  /**
   * Returns a tree for one thread.
   *
   * @param registry null where the format needs none
   * @param section of the job file that describes the records, for messages
   */
  public static RecordTree of(
      SourceFormat.Json json, @Nullable SchemaRegistry registry, String section) {
    RecordTree value = new JsonTree();
    RecordTree all = json.layout() == JsonLayout.LINES ? new LineTree(value) : value;
    return new FramedTree(all, json.framing(), section + ".framing");
  }

  public static RecordTree of(
      SourceFormat.Avro avro, @Nullable SchemaRegistry registry, String section) {
    Writers writers =
        new Writers(avro.schema(), avro.written(), registry, section + ".avro-schemas");
    return new AvroTree(writers);
  }

  /** Returns a tree of messages likewise. */
  public static RecordTree of(SourceFormat.Protobuf protobuf, @Nullable SchemaRegistry registry) {
    return new ProtobufTree(protobuf.type(), protobuf.framing(), registry);
  }
}
