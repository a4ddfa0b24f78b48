package io.tidecast.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.Arrays;

/** Builds the attributes of a node. */
public final class Attributes {

  private Attributes() {}

  /** Makes an attribute that holds one integer. */
  public static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  /** Makes an attribute that holds one number, as the 32-bit float that ONNX keeps. */
  public static AttributeProto decimal(String name, double value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF((float) value)
        .build();
  }

  /** Makes an attribute that holds a list of integers. */
  public static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute.build();
  }
}
