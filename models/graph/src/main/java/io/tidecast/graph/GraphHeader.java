package io.tidecast.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an ONNX file says of itself. Reading it runs nothing of the file and no native code.
 *
 * @param opset version of the standard operators, 0 where it imports none
 * @param otherOpsets versions of further operators, by domain
 * @param producer name and version of the program that wrote it; empty where it does not say
 * @param outside every tensor, wherever it stands, whose values are not in the file
 * @param manifest of Tidecast, in its metadata
 */
public record GraphHeader(
    long opset,
    Map<String, Long> otherOpsets,
    String producer,
    List<OutsideTensor> outside,
    Optional<String> manifest) {

  /** Metadata key of the manifest, which lacks the checksum of the file that it is in. */
  public static final String MANIFEST_KEY = "tidecast.manifest";

  /**
   * Reads the bytes of a file.
   *
   * @throws GraphException if they are no ONNX model
   */
  public static GraphHeader read(byte[] onnx) {
    return of(WireScan.read(onnx));
  }

  static GraphHeader of(ModelProto model) {
    Map<String, Long> opsets = new TreeMap<>();
    for (OperatorSetIdProto imported : model.getOpsetImportList()) {
      // The standard operators have two spellings.
      String domain = imported.getDomain().equals("ai.onnx") ? "" : imported.getDomain();
      opsets.put(domain, imported.getVersion());
    }
    Long standard = opsets.remove("");
    return new GraphHeader(
        standard == null ? 0 : standard,
        opsets,
        (model.getProducerName() + " " + model.getProducerVersion()).strip(),
        GraphWalk.of(model).outside(),
        entry(model.getMetadataPropsList(), MANIFEST_KEY));
  }

  /** Lists the files that hold what is not in this one, each named once. */
  public List<String> outsideFiles() {
    return outside.stream().map(OutsideTensor::location).distinct().toList();
  }

  static Optional<String> entry(List<StringStringEntryProto> entries, String key) {
    return entries.stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .findFirst();
  }
}
