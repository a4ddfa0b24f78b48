package io.tidecast.flink.format.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.squareup.wire.Syntax;
import com.squareup.wire.schema.Field;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.internal.parser.EnumElement;
import com.squareup.wire.schema.internal.parser.FieldElement;
import com.squareup.wire.schema.internal.parser.MessageElement;
import com.squareup.wire.schema.internal.parser.OneOfElement;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import com.squareup.wire.schema.internal.parser.TypeElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a descriptor of the text of a {@code .proto} file, of messages and enums alone: what
 * records are read with. Groups, extensions and options are left out, but for those that change
 * what bytes mean.
 */
final class ProtoText {

  private static final Pattern MAP = Pattern.compile("map<\\s*([^,\\s]+)\\s*,\\s*([^>\\s]+)\\s*>");

  /** The types that have names of the language; all others are of messages and enums. */
  private static final Map<String, FieldDescriptorProto.Type> SCALARS =
      Stream.of(FieldDescriptorProto.Type.values())
          .filter(
              type ->
                  type != FieldDescriptorProto.Type.TYPE_MESSAGE
                      && type != FieldDescriptorProto.Type.TYPE_ENUM
                      && type != FieldDescriptorProto.Type.TYPE_GROUP)
          .collect(
              Collectors.toUnmodifiableMap(
                  type -> type.name().substring("TYPE_".length()).toLowerCase(Locale.ROOT),
                  type -> type));

  private final boolean proto3;

  private ProtoText(boolean proto3) {
    this.proto3 = proto3;
  }

  /**
   * Returns the descriptor of a file.
   *
   * @param name that others import it by
   * @throws IllegalArgumentException if the text is no such file
   */
  static FileDescriptorProto parse(String name, String text) {
    ProtoFileElement file;
    try {
      file = ProtoParser.Companion.parse(Location.get(name), text);
    } catch (RuntimeException | StackOverflowError e) {
      throw new IllegalArgumentException("text must be a .proto file", e);
    }
    boolean proto3 = file.getSyntax() == Syntax.PROTO_3;
    FileDescriptorProto.Builder built =
        FileDescriptorProto.newBuilder().setName(name).setSyntax(proto3 ? "proto3" : "proto2");
    if (file.getPackageName() != null) {
      built.setPackage(file.getPackageName());
    }
    built.addAllDependency(file.getImports());
    for (String one : file.getPublicImports()) {
      built.addPublicDependency(built.getDependencyCount());
      built.addDependency(one);
    }
    ProtoText reader = new ProtoText(proto3);
    for (TypeElement type : file.getTypes()) {
      if (type instanceof MessageElement message) {
        built.addMessageType(reader.message(message));
      } else if (type instanceof EnumElement symbols) {
        built.addEnumType(symbols(symbols));
      }
    }
    return built.build();
  }

  private DescriptorProto message(MessageElement message) {
    DescriptorProto.Builder built = DescriptorProto.newBuilder().setName(message.getName());
    for (TypeElement type : message.getNestedTypes()) {
      if (type instanceof MessageElement nested) {
        built.addNestedType(message(nested));
      } else if (type instanceof EnumElement symbols) {
        built.addEnumType(symbols(symbols));
      }
    }
    for (OneOfElement choice : message.getOneOfs()) {
      for (FieldElement field : choice.getFields()) {
        built.addField(field(field).setOneofIndex(built.getOneofDeclCount()));
      }
      built.addOneofDecl(OneofDescriptorProto.newBuilder().setName(choice.getName()));
    }
    List<FieldDescriptorProto.Builder> optional = new ArrayList<>();
    for (FieldElement field : message.getFields()) {
      Matcher map = MAP.matcher(field.getType());
      FieldDescriptorProto.Builder one = field(field);
      if (map.matches()) {
        String entry = entryName(field.getName());
        built.addNestedType(entry(entry, map.group(1), map.group(2)));
        one.clearType().setTypeName(entry).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED);
      } else if (proto3 && field.getLabel() == Field.Label.OPTIONAL) {
        optional.add(one.setProto3Optional(true));
        continue;
      }
      built.addField(one);
    }
    // The choices that stand for presence come after all others.
    for (FieldDescriptorProto.Builder one : optional) {
      built.addField(one.setOneofIndex(built.getOneofDeclCount()));
      built.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + one.getName()));
    }
    return built.build();
  }

  private FieldDescriptorProto.Builder field(FieldElement field) {
    FieldDescriptorProto.Builder built =
        FieldDescriptorProto.newBuilder()
            .setName(field.getName())
            .setNumber(field.getTag())
            .setLabel(label(field.getLabel()));
    type(built, field.getType());
    if (field.getDefaultValue() != null) {
      built.setDefaultValue(field.getDefaultValue());
    }
    return built;
  }

  private static FieldDescriptorProto.Label label(Field.Label label) {
    if (label == Field.Label.REPEATED) {
      return FieldDescriptorProto.Label.LABEL_REPEATED;
    }
    return label == Field.Label.REQUIRED
        ? FieldDescriptorProto.Label.LABEL_REQUIRED
        : FieldDescriptorProto.Label.LABEL_OPTIONAL;
  }

  private static void type(FieldDescriptorProto.Builder field, String name) {
    FieldDescriptorProto.Type scalar = SCALARS.get(name);
    if (scalar != null) {
      field.setType(scalar);
    } else {
      // Whether it is a message or an enum is found out with the others at hand.
      field.setTypeName(name);
    }
  }

  private static DescriptorProto entry(String name, String key, String value) {
    FieldDescriptorProto.Builder ofKey =
        FieldDescriptorProto.newBuilder()
            .setName("key")
            .setNumber(1)
            .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    FieldDescriptorProto.Builder ofValue =
        FieldDescriptorProto.newBuilder()
            .setName("value")
            .setNumber(2)
            .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    type(ofKey, key);
    type(ofValue, value);
    return DescriptorProto.newBuilder()
        .setName(name)
        .addField(ofKey)
        .addField(ofValue)
        .setOptions(MessageOptions.newBuilder().setMapEntry(true))
        .build();
  }

  /** Returns the name that the compiler gives to the entries of a map. */
  private static String entryName(String field) {
    StringBuilder name = new StringBuilder();
    boolean up = true;
    for (int i = 0; i < field.length(); i++) {
      char one = field.charAt(i);
      if (one == '_') {
        up = true;
      } else {
        name.append(up ? Character.toUpperCase(one) : one);
        up = false;
      }
    }
    return name.append("Entry").toString();
  }

  private static EnumDescriptorProto symbols(EnumElement symbols) {
    EnumDescriptorProto.Builder built = EnumDescriptorProto.newBuilder().setName(symbols.getName());
    boolean alias =
        symbols.getConstants().stream().mapToInt(one -> one.getTag()).distinct().count()
            < symbols.getConstants().size();
    if (alias) {
      built.getOptionsBuilder().setAllowAlias(true);
    }
    symbols
        .getConstants()
        .forEach(one -> built.addValueBuilder().setName(one.getName()).setNumber(one.getTag()));
    return built.build();
  }
}
