package io.tidecast.runtime.hostile;

import static io.tidecast.runtime.hostile.HostileModel.refused;
import static io.tidecast.runtime.hostile.Protos.attribute;
import static io.tidecast.runtime.hostile.Protos.bytes;
import static io.tidecast.runtime.hostile.Protos.call;
import static io.tidecast.runtime.hostile.Protos.function;
import static io.tidecast.runtime.hostile.Protos.graph;
import static io.tidecast.runtime.hostile.Protos.longs;
import static io.tidecast.runtime.hostile.Protos.model;
import static io.tidecast.runtime.hostile.Protos.node;
import static io.tidecast.runtime.hostile.Protos.outside;
import static io.tidecast.runtime.hostile.Protos.taking;
import static io.tidecast.runtime.hostile.Protos.through;
import static io.tidecast.runtime.hostile.Protos.truth;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TrainingInfoProto;
import java.util.List;

/** Models whose values lie in files that they name, wherever the format lets them. */
final class OutsideModels {

  private static final String NOT_NAMED =
      "must have its weights in files that the manifest names with their checksums under weights,"
          + " and has some in bait.txt";
  private static final String FOLDER =
      "must have its weights in a file beside it, named without a folder";
  private static final String NOT_MEANT = "must have the weights that the manifest means";

  private OutsideModels() {}

  static List<HostileModel> all() {
    return List.of(
        // Places in the file.
        naming("outside-beside", NOT_NAMED, "bait.txt"),
        refused(
            "outside-constant",
            NOT_NAMED,
            f ->
                f.graph(
                    bytes(
                        through(
                            node("Constant", "x")
                                .addAttribute(attribute("value", outside("bait.txt"))))))),
        refused(
            "outside-subgraph",
            NOT_NAMED,
            f ->
                f.graph(
                    bytes(
                        graph()
                            .addInitializer(truth("yes", true))
                            .addNode(
                                node("If", "point", "yes")
                                    .addAttribute(attribute("then_branch", branch()))
                                    .addAttribute(attribute("else_branch", branch())))))),
        refused(
            "outside-function",
            NOT_NAMED,
            f ->
                f.graph(
                    model(through(call("f", "x", "context")))
                        .addFunctions(
                            function(
                                "f",
                                node("Constant", "w")
                                    .addAttribute(attribute("value", outside("bait.txt"))),
                                node("Add", "x", "a", "w")))
                        .build()
                        .toByteArray())),
        refused(
            "outside-sparse",
            NOT_NAMED,
            f -> f.graph(bytes(graph().addSparseInitializer(sparse())))),
        refused(
            "outside-sparse-constant",
            NOT_NAMED,
            f ->
                f.graph(
                    bytes(
                        through(
                            node("Constant", "x")
                                .addAttribute(
                                    attribute("sparse_value")
                                        .setType(AttributeProto.AttributeType.SPARSE_TENSOR)
                                        .setSparseTensor(sparse())))))),
        refused(
            "outside-training",
            NOT_NAMED,
            f ->
                f.graph(
                    model(through(node("Identity", "x", "context")))
                        .addTrainingInfo(
                            TrainingInfoProto.newBuilder()
                                .setInitialization(
                                    GraphProto.newBuilder().addInitializer(outside("bait.txt"))))
                        .build()
                        .toByteArray())),
        // Ways to name a file.
        naming("outside-dot", FOLDER, "./bait.txt"),
        naming("outside-parent", FOLDER, "../bait.txt"),
        naming("outside-folder", FOLDER, "sub/bait.txt"),
        naming("outside-backslash", FOLDER, "..\\bait.txt"),
        naming("outside-url", FOLDER, "file:bait.txt"),
        naming("outside-null-byte", FOLDER, "weights.bin\0bait.txt"),
        naming("outside-memory-of-the-process", FOLDER, "*/_ORT_MEM_ADDR_/*"),
        refused(
            "outside-absolute", FOLDER, f -> f.graph(bytes(taking(outside(f.bait().toString()))))),
        refused(
            "outside-unnamed",
            "must name the file that has its weights",
            f -> f.graph(bytes(taking(outside("w", List.of("offset", "0"), 4, 1))))),
        refused(
            "outside-escape-codes",
            FOLDER + ", and names ?[2J?[1mbait.txt",
            f -> f.graph(bytes(taking(outside("\u001b[2J\u001b[1mbait.txt"))))),
        // Files that the manifest vouches for, with its own word.
        refused(
            "weights-link",
            "must not be a link out of its folder",
            f -> {
              f.link("weights.bin", f.bait());
              f.graph(
                  bytes(taking(outside("weights.bin"))),
                  HostileFolder.weights("weights.bin", HostileFolder.text(HostileFolder.SECRET)));
            }),
        refused(
            "weights-folder-in-manifest",
            "must be a name of a file without a folder: file=../bait.txt",
            f ->
                f.graph(
                    bytes(taking(outside("../bait.txt"))),
                    HostileFolder.weights("../bait.txt", new byte[16]))),
        refused(
            "weights-missing",
            "must be a readable file",
            f ->
                f.graph(
                    bytes(taking(outside("weights.bin"))),
                    HostileFolder.weights("weights.bin", new byte[16]))),
        refused(
            "weights-is-a-folder",
            "must be a readable file",
            f ->
                f.graph(bytes(taking(outside("sub"))), HostileFolder.weights("sub", new byte[16]))),
        refused(
            "weights-other-checksum",
            NOT_MEANT,
            f -> {
              f.file("weights.bin", new byte[16]);
              f.graph(
                  bytes(taking(outside("weights.bin"))),
                  HostileFolder.weights("weights.bin", "0".repeat(64), 16));
            }),
        refused(
            "weights-other-size",
            NOT_MEANT,
            f -> {
              f.sparse("weights.bin", 3_000_000_000L);
              f.graph(
                  bytes(taking(outside("weights.bin"))),
                  HostileFolder.weights("weights.bin", new byte[16]));
            }),
        refused(
            "weights-3-gb",
            "must have at most ",
            f -> {
              f.sparse("weights.bin", 3_000_000_000L);
              f.graph(
                  bytes(taking(outside("weights.bin"))),
                  HostileFolder.weights("weights.bin", "0".repeat(64), 3_000_000_000L));
            }),
        refused(
            "weights-too-short",
            "tensor w must be whole in weights.bin: it takes bytes 8 to 24, and the file has 16",
            f -> {
              f.file("weights.bin", new byte[16]);
              f.graph(
                  bytes(
                      taking(
                          outside("w", List.of("location", "weights.bin", "offset", "8"), 4, 1))),
                  HostileFolder.weights("weights.bin", new byte[16]));
            }),
        range("weights-negative-offset", "offset", "-16"),
        range("weights-huge-offset", "offset", "99999999999999999999"),
        range("weights-other-length", "length", "1000000000000"),
        refused(
            "weights-shared-a-million-times",
            "must have at most ",
            f -> {
              byte[] weights = new byte[4 << 20];
              f.file("weights.bin", weights);
              GraphProto.Builder graph = graph();
              for (int i = 0; i < 2000; i++) {
                graph.addInitializer(outside("w" + i, List.of("location", "weights.bin"), 1 << 20));
              }
              f.graph(bytes(graph), HostileFolder.weights("weights.bin", weights));
            }),
        refused(
            "weights-nobody-asks-for",
            "weights: the manifest names [bait.txt], model.onnx has its weights in []",
            f ->
                f.graph(
                    bytes(through(node("Identity", "x", "context"))),
                    HostileFolder.weights("bait.txt", new byte[16]))));
  }

  private static HostileModel naming(String name, String sentence, String location) {
    return refused(name, sentence, f -> f.graph(bytes(taking(outside(location)))));
  }

  private static HostileModel range(String name, String key, String value) {
    return refused(
        name,
        "tensor w must say where its 16 bytes begin in weights.bin",
        f -> {
          f.file("weights.bin", new byte[16]);
          f.graph(
              bytes(taking(outside("w", List.of("location", "weights.bin", key, value), 4, 1))),
              HostileFolder.weights("weights.bin", new byte[16]));
        });
  }

  private static GraphProto.Builder branch() {
    return GraphProto.newBuilder()
        .setName("branch")
        .addInitializer(outside("bait.txt"))
        .addOutput(Protos.value("out", -1, 4, 1))
        .addNode(node("Add", "out", "context", "w"));
  }

  private static SparseTensorProto sparse() {
    return SparseTensorProto.newBuilder()
        .setValues(outside("w", List.of("location", "bait.txt"), 4))
        .setIndices(longs("", 0, 1, 2, 3))
        .addDims(4)
        .addDims(1)
        .build();
  }
}
