package io.tidecast.architectures.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidecast.architectures.WeightsException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an ONNX file says of itself, without being run.
 *
 * @param opset version of the standard operators, 0 where it imports none
 * @param otherOpsets versions of further operators, by domain
 * @param producer name and version of the program that wrote it; empty where it does not say
 * @param outsideFiles where weights lie that are not in the file
 * @param manifest of Tidecast, in its metadata
 */
public record OnnxHeader(
    long opset,
    Map<String, Long> otherOpsets,
    String producer,
    List<String> outsideFiles,
    Optional<String> manifest) {

  /** Metadata key of the manifest, which lacks the checksum of the file that it is in. */
  public static final String MANIFEST_KEY = "tidecast.manifest";

  /**
   * Of the bytes of a file.
   *
   * @throws WeightsException if they are no ONNX model
   */
  public static OnnxHeader read(byte[] onnx) {
    ModelProto model;
    try {
      model = ModelProto.parseFrom(onnx);
    } catch (InvalidProtocolBufferException e) {
      throw new WeightsException("not an ONNX file, or not all of one", e);
    }
    if (!model.hasGraph()) {
      throw new WeightsException("not an ONNX file: it holds no graph");
    }
    Map<String, Long> opsets = new TreeMap<>();
    for (OperatorSetIdProto imported : model.getOpsetImportList()) {
      // The standard operators have two spellings.
      String domain = imported.getDomain().equals("ai.onnx") ? "" : imported.getDomain();
      opsets.put(domain, imported.getVersion());
    }
    Long standard = opsets.remove("");
    return new OnnxHeader(
        standard == null ? 0 : standard,
        opsets,
        (model.getProducerName() + " " + model.getProducerVersion()).strip(),
        outsideFiles(model),
        entry(model.getMetadataPropsList(), MANIFEST_KEY));
  }

  private static List<String> outsideFiles(ModelProto model) {
    return model.getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL)
        .map(tensor -> entry(tensor.getExternalDataList(), "location").orElse("unnamed"))
        .distinct()
        .toList();
  }

  private static Optional<String> entry(List<StringStringEntryProto> entries, String key) {
    return entries.stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .findFirst();
  }
}
