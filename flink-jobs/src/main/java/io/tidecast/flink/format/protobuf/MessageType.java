package io.tidecast.flink.format.protobuf;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that the mapping was held against, in a form that travels to the cluster.
 *
 * @param files a descriptor set of its file and all that this imports
 * @param file that it is in
 * @param name of the message, whole
 */
public record MessageType(ByteString files, String file, String name) implements Serializable {

  public MessageType {
    requireNonNull(files, "files is null");
    requireNonNull(file, "file is null");
    requireNonNull(name, "name is null");
  }

  /** Shows a hash of the descriptors, so that the text is the same in every process. */
  @Override
  public String toString() {
    return "MessageType[files=%08x, file=%s, name=%s]".formatted(files.hashCode(), file, name);
  }

  public static MessageType of(Descriptor message) {
    Map<String, FileDescriptor> files = new LinkedHashMap<>();
    add(message.getFile(), files);
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    files.values().forEach(file -> set.addFile(file.toProto()));
    return new MessageType(
        set.build().toByteString(), message.getFile().getName(), message.getFullName());
  }

  private static void add(FileDescriptor file, Map<String, FileDescriptor> files) {
    if (!files.containsKey(file.getName())) {
      file.getDependencies().forEach(one -> add(one, files));
      files.put(file.getName(), file);
    }
  }

  /** Returns its descriptor, made anew. */
  public Descriptor descriptor() {
    for (FileDescriptor one : ProtobufSchemas.of(files.toByteArray())) {
      if (one.getName().equals(file)) {
        return requireNonNull(find(one, name), name);
      }
    }
    throw new IllegalStateException("message must be in its file: " + name);
  }

  /** Returns a message of a file by its whole name, wherever in other messages it is. */
  public static @Nullable Descriptor find(FileDescriptor file, String name) {
    return file.getMessageTypes().stream()
        .map(one -> find(one, name))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Descriptor find(Descriptor message, String name) {
    if (message.getFullName().equals(name)) {
      return message;
    }
    return message.getNestedTypes().stream()
        .map(one -> find(one, name))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
