package io.tidecast.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of a file. They are walked once before anything is made of them: two bytes can
 * stand for a message of a hundred, so what the file would take in memory is counted first.
 */
final class WireScan {

  /** What protobuf itself reads, in Java and in C++. */
  private static final int MOST_DEPTH = 100;

  /** A message or a text in memory, at the least; of both there are many more of 50 to 150. */
  private static final int BYTES_OF_A_PART = 64;

  /** A number that is one byte in the file can be eight in memory. */
  private static final int BYTES_OF_A_NUMBER = 8;

  /** ONNX Runtime takes bytes with this mark for a format of its own, whatever else they are. */
  private static final byte[] OTHER_FORMAT = "ORTM".getBytes(StandardCharsets.US_ASCII);

  private static final int OTHER_FORMAT_AT = 4;

  /** Fields of newer versions of ONNX that hold settings of devices: no graph, no tensor. */
  private static final Map<Descriptor, Set<Integer>> NEWER =
      Map.of(ModelProto.getDescriptor(), Set.of(26), NodeProto.getDescriptor(), Set.of(10));

  private final CodedInputStream in;
  private final long mostMemory = GraphLimits.mostBytes();
  private long parts;
  private long memory;
  private long numbers;
  private @Nullable String unknown;

  private WireScan(ByteString bytes) {
    this.in = bytes.newCodedInput();
  }

  /**
   * Reads a model. The bytes of its weights are not copied: who changes the array changes them.
   *
   * @throws GraphException if they are no ONNX model, or one that is too large
   */
  static ModelProto read(byte[] onnx) {
    if (onnx.length >= OTHER_FORMAT_AT + OTHER_FORMAT.length
        && Arrays.equals(
            onnx,
            OTHER_FORMAT_AT,
            OTHER_FORMAT_AT + OTHER_FORMAT.length,
            OTHER_FORMAT,
            0,
            OTHER_FORMAT.length)) {
      throw new GraphException(
          "not an ONNX file: it has the mark of ONNX Runtime's own format (.ort), which Tidecast"
              + " does not read: export it as ONNX");
    }
    ByteString bytes = UnsafeByteOperations.unsafeWrap(onnx);
    WireScan scan = new WireScan(bytes);
    ModelProto model;
    try {
      scan.scan(ModelProto.getDescriptor(), 0);
      CodedInputStream in = bytes.newCodedInput();
      in.enableAliasing(true);
      model = ModelProto.parseFrom(in);
      in.checkLastTagWas(0);
    } catch (IOException e) {
      throw new GraphException("not an ONNX file, or not all of one", e);
    }
    if (!model.hasGraph()) {
      throw new GraphException("not an ONNX file: it holds no graph");
    }
    scan.requireNothingUnknown();
    return model;
  }

  private void scan(Descriptor type, int depth) throws IOException {
    if (depth > MOST_DEPTH) {
      throw new InvalidProtocolBufferException("more than " + MOST_DEPTH + " messages deep");
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (field == null && unknown == null) {
        unknown = unlessHarmless(type, WireFormat.getTagFieldNumber(tag));
      }
      int wire = WireFormat.getTagWireType(tag);
      if (wire == WireFormat.WIRETYPE_START_GROUP || wire == WireFormat.WIRETYPE_END_GROUP) {
        throw new InvalidProtocolBufferException("ONNX has no groups");
      }
      if (wire != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        count(0, BYTES_OF_A_NUMBER);
        in.skipField(tag);
        continue;
      }
      int length = in.readRawVarint32();
      if (field != null && field.getJavaType() == JavaType.MESSAGE) {
        count(1, BYTES_OF_A_PART);
        int outer = in.pushLimit(length);
        scan(field.getMessageType(), depth + 1);
        in.checkLastTagWas(0);
        in.popLimit(outer);
      } else {
        if (field != null && field.isPackable() && isVarint(field)) {
          count(length);
        }
        count(1, inMemory(field, length));
        in.skipRawBytes(length);
      }
    }
  }

  /** The bytes of weights are not copied; those of what nobody reads are. */
  private static long inMemory(@Nullable FieldDescriptor field, int length) {
    if (field == null) {
      return length;
    }
    if (field.getNumber() == TensorProto.RAW_DATA_FIELD_NUMBER
        && field.getContainingType().equals(TensorProto.getDescriptor())) {
      return BYTES_OF_A_PART;
    }
    return field.isPackable() && isVarint(field)
        ? (long) length * BYTES_OF_A_NUMBER
        : (long) length + BYTES_OF_A_PART;
  }

  private static boolean isVarint(FieldDescriptor field) {
    return field.getLiteType().getWireType() == WireFormat.WIRETYPE_VARINT;
  }

  private void count(int more, long bytes) {
    parts += more;
    memory += bytes;
    if (parts > GraphLimits.MOST_PARTS) {
      throw new GraphException(
          "must have at most %,d parts (nodes, attributes, names), and has more"
              .formatted(GraphLimits.MOST_PARTS));
    }
    if (memory > mostMemory) {
      throw new GraphException(
          "must take at most %s of memory to be read, %s; it would take more"
              .formatted(GraphLimits.megabytes(mostMemory), GraphLimits.reason()));
    }
  }

  private void count(int bytesOfNumbers) {
    numbers += bytesOfNumbers;
    if (numbers > GraphLimits.MOST_BYTES_OF_NUMBERS) {
      throw new GraphException(
          "must have at most %,d bytes of integers outside of raw data, and has more"
              .formatted(GraphLimits.MOST_BYTES_OF_NUMBERS));
    }
  }

  private static @Nullable String unlessHarmless(Descriptor type, int number) {
    return NEWER.getOrDefault(type, Set.of()).contains(number)
        ? null
        : "field " + number + " of " + type.getName();
  }

  /** What this release does not know it cannot check: ONNX Runtime may know it. */
  private void requireNothingUnknown() {
    if (unknown != null) {
      throw new GraphException(
          "must hold only what this release knows of ONNX, and has "
              + unknown
              + ": export it with another version of ONNX");
    }
  }
}
