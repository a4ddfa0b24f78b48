package io.tidecast.flink.format.protobuf;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import io.tidecast.flink.registry.RegisteredSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes descriptors of what a registry or a file has. */
public final class ProtobufSchemas {

  /** The file of a schema of a registry has no name of its own. */
  private static final String MAIN = "schema of the registry";

  /** Confluent's registry has it built in, and does not say so in a reference. */
  private static final String CONFLUENT_DECIMAL =
      """
      syntax = "proto3";
      package confluent.type;
      message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }
      """;

  private ProtobufSchemas() {}

  /**
   * Returns a file of a registry, with the files that it imports.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static FileDescriptor of(RegisteredSchema registered) {
    Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    registered.references().forEach((name, text) -> files.put(name, ProtoText.parse(name, text)));
    files.put(MAIN, ProtoText.parse(MAIN, registered.text()));
    return requireNonNull(built(files).get(MAIN), MAIN);
  }

  /**
   * Returns the files of a descriptor set.
   *
   * @param bytes that {@code protoc --descriptor_set_out} has written
   * @throws IllegalArgumentException if they are none
   */
  public static List<FileDescriptor> of(byte[] bytes) {
    Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    try {
      FileDescriptorSet.parseFrom(bytes)
          .getFileList()
          .forEach(one -> files.put(one.getName(), one));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("bytes must be a descriptor set", e);
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("descriptor set must not be empty");
    }
    Map<String, FileDescriptor> built = built(files);
    return files.keySet().stream().map(built::get).toList();
  }

  /** Returns every message of a file that is within no other, in order. */
  public static List<String> messages(FileDescriptor file) {
    return file.getMessageTypes().stream().map(Descriptor::getFullName).toList();
  }

  private static Map<String, FileDescriptor> built(Map<String, FileDescriptorProto> files) {
    Map<String, FileDescriptor> built = new HashMap<>();
    for (FileDescriptor one :
        List.of(
            TimestampProto.getDescriptor(),
            WrappersProto.getDescriptor(),
            DurationProto.getDescriptor(),
            StructProto.getDescriptor(),
            AnyProto.getDescriptor(),
            EmptyProto.getDescriptor(),
            FieldMaskProto.getDescriptor())) {
      built.put(one.getName(), one);
    }
    for (String name : files.keySet()) {
      build(name, files, built, 0);
    }
    return built;
  }

  private static void build(
      String name,
      Map<String, FileDescriptorProto> files,
      Map<String, FileDescriptor> built,
      int depth) {
    FileDescriptorProto file = files.get(name);
    if (file == null && name.equals("confluent/type/decimal.proto")) {
      file = ProtoText.parse(name, CONFLUENT_DECIMAL);
    }
    if (built.containsKey(name) || file == null) {
      return;
    }
    if (depth > files.size() + 1) {
      throw new IllegalArgumentException("files must not import each other in a circle");
    }
    List<FileDescriptor> imported = new ArrayList<>();
    for (String one : file.getDependencyList()) {
      build(one, files, built, depth + 1);
      FileDescriptor found = built.get(one);
      if (found != null) {
        imported.add(found);
      }
    }
    try {
      // What is imported for its options alone may well be missing.
      built.put(
          name, FileDescriptor.buildFrom(file, imported.toArray(new FileDescriptor[0]), true));
    } catch (DescriptorValidationException | RuntimeException e) {
      throw new IllegalArgumentException("file must be one that Protobuf can read", e);
    }
  }
}
