package io.tidecast.cli.swap;

import io.tidecast.architectures.onnx.OnnxOps;
import io.tidecast.runtime.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Writes models that repeat what was so many cells ago: a good one, if that is a day. */
final class RepeatingModel {

  /** Cells of half an hour. */
  static final int DAY = 48;

  static final int HORIZON = 4;

  private RepeatingModel() {}

  /**
   * Writes a model into a new folder, and returns that.
   *
   * @param cellsAgo at most a day
   */
  static Path write(Path parent, String id, int cellsAgo) throws IOException {
    OnnxOps ops = OnnxOps.of(Map.of());
    OnnxOps.Value context = ops.input("context", -1, DAY, 1);
    ops.output("point", ops.slice(context, 1, DAY - cellsAgo, HORIZON), -1, HORIZON, 1);
    byte[] onnx = ops.toModel(id, Map.of());
    Path folder = Files.createDirectories(parent.resolve(id));
    Files.write(folder.resolve(ModelBundle.ONNX_FILE), onnx);
    Files.writeString(
        folder.resolve("manifest.json"),
        String.format(
            Locale.ROOT,
            """
            {
              "manifestVersion": 1,
              "id": "%s",
              "version": "1",
              "architecture": "custom",
              "contextLength": %d,
              "predictionLength": %d,
              "step": "any",
              "channels": {"mode": "independent", "names": ["value"], "targets": ["value"]},
              "pastCovariates": [],
              "futureCovariates": [],
              "timeFeatures": [],
              "inputs": [{"name": "context", "role": "context", "layout": "batch,time,channel",
                "type": "float32", "shape": [-1, %d, 1]}],
              "outputs": [{"name": "point", "role": "point", "layout": "batch,horizon,channel",
                "type": "float32", "shape": [-1, %d, 1]}],
              "quantileLevels": [],
              "opset": %d,
              "sha256": "%s",
              "licence": "Apache-2.0"
            }
            """,
            id,
            DAY,
            HORIZON,
            DAY,
            HORIZON,
            OnnxOps.OPSET,
            ModelBundle.sha256(onnx)));
    return folder;
  }
}
