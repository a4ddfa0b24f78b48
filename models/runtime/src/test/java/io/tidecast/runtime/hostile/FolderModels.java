package io.tidecast.runtime.hostile;

import static io.tidecast.runtime.hostile.HostileModel.refused;
import static io.tidecast.runtime.hostile.Protos.bytes;
import static io.tidecast.runtime.hostile.Protos.node;
import static io.tidecast.runtime.hostile.Protos.through;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import java.util.List;

/**
 * Folders whose files lead elsewhere, are too large or disagree, and manifests that ask too much.
 */
final class FolderModels {

  private static final byte[] ECHO = bytes(through(node("Identity", "x", "context")));

  private FolderModels() {}

  static List<HostileModel> all() {
    return List.of(
        refused(
            "graph-is-a-link",
            "must not be a link out of its folder",
            f -> {
              f.link(ModelBundle.ONNX_FILE, f.bait());
              f.manifest(HostileFolder.manifestOf(ECHO));
            }),
        refused(
            "manifest-is-a-link",
            "must not be a link out of its folder",
            f -> f.link(ModelManifest.FILE, f.bait())),
        refused(
            "golden-vectors-are-a-link",
            "must not be a link out of its folder",
            f -> {
              f.graph(ECHO);
              f.link(GoldenVectors.FILE, f.bait());
            }),
        refused(
            "graph-of-3-gb",
            "model.onnx has 3,000 MB",
            f -> {
              f.sparse(ModelBundle.ONNX_FILE, 3_000_000_000L);
              f.manifest(HostileFolder.manifestOf(ECHO));
            }),
        refused(
            "manifest-of-3-gb",
            "manifest.json has 3,000 MB",
            f -> f.sparse(ModelManifest.FILE, 3_000_000_000L)),
        refused(
            "golden-vectors-of-3-gb",
            "golden.json has 3,000 MB",
            f -> {
              f.graph(ECHO);
              f.sparse(GoldenVectors.FILE, 3_000_000_000L);
            }),
        refused(
            "manifest-nested-deep",
            "must be JSON: ",
            f -> f.manifest("{\"training\":".repeat(100_000))),
        refused(
            "text-instead-of-a-graph",
            "not an ONNX file",
            f -> f.graph(HostileFolder.text("#!/bin/sh\necho hello\n"))),
        refused(
            "other-checksum",
            "model.onnx is not the file of its manifest",
            f -> {
              f.graph(ECHO);
              byte[] other = ECHO.clone();
              other[other.length - 1]++;
              f.file(ModelBundle.ONNX_FILE, other);
            }),
        changed(
            "context-of-a-thousand-million",
            "must be at most 1,000,000: contextLength=1000000000",
            "\"contextLength\" : 4",
            "\"contextLength\" : 1000000000"),
        changed(
            "context-beyond-an-integer",
            "contextLength: expected an integer that is not larger than it may be, found 1000000000000000000000",
            "\"contextLength\" : 4",
            "\"contextLength\" : 1000000000000000000000"),
        changed(
            "horizon-of-a-thousand-million",
            "must be at most 1,000,000: predictionLength=1000000000",
            "\"predictionLength\" : 4",
            "\"predictionLength\" : 1000000000"),
        changed(
            "context-times-channels",
            "must be at most 1,000,000 values: contextLength × channels=2,000,000",
            "\"contextLength\" : 4",
            "\"contextLength\" : 1000000",
            "\"names\" : [ \"a\" ]",
            "\"names\" : [ \"a\", \"b\" ]"),
        changed(
            "rollout-without-end",
            "must be at most 1,000,000",
            "\"step\" :",
            "\"rollout\" : 2000000000, \"step\" :"),
        changed(
            "step-of-a-million-years",
            "must be whole milliseconds and at most 36,500 days",
            "\"step\" : \"any\"",
            "\"step\" : \"PT9999999999H\""),
        changed(
            "noise-of-any-size",
            "must be at most 1,000,000 values",
            "[ -1, 4, 1 ]",
            "[ -1, 4000000000, 4000000000 ]"),
        changed(
            "manifest-of-other-tensors",
            "inputs: the manifest expects [elsewhere], model.onnx has [context]",
            "\"name\" : \"context\"",
            "\"name\" : \"elsewhere\""),
        changed(
            "manifest-of-other-shapes",
            "inputs: context: the manifest expects shape [-1, 400000, 1], model.onnx has [-1, 4, 1]",
            "[ -1, 4, 1 ]",
            "[ -1, 400000, 1 ]"));
  }

  /**
   * @param changes from, to, from, to: the first place of each
   */
  private static HostileModel changed(String name, String sentence, String... changes) {
    return refused(
        name,
        sentence,
        f ->
            f.graph(
                ECHO,
                json -> {
                  String changed = json;
                  for (int i = 0; i < changes.length; i += 2) {
                    int at = changed.indexOf(changes[i]);
                    if (at < 0) {
                      throw new AssertionError(changes[i] + " is not in " + changed);
                    }
                    changed =
                        changed.substring(0, at)
                            + changes[i + 1]
                            + changed.substring(at + changes[i].length());
                  }
                  return changed;
                }));
  }
}
