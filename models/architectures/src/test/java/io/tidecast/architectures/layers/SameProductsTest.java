package io.tidecast.architectures.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tidecast.architectures.onnx.OnnxOps;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is computed in one of two ways, as the sizes have it, comes out the same. */
class SameProductsTest {
  private static final int WIDTH = 3;

  @ParameterizedTest
  @CsvSource({"24, 24", "25, 25", "25, 40", "24, 9"})
  void shouldCorrelateThroughFrequenciesAsPairByPair(int length, int keys) throws OrtException {
    OnnxOps ops = OnnxOps.of(Map.of());
    OnnxOps.Value x = ops.input("x", -1, length + keys, WIDTH);
    AutoCorrelation<OnnxOps.Value> correlation =
        new AutoCorrelation<>(ops, length, keys, WIDTH, 2, "test");
    OnnxOps.Value query = ops.slice(x, 1, 0, length);
    OnnxOps.Value key = ops.slice(x, 1, length, keys);
    ops.output("frequencies", correlation.transformed(query, key), -1, length);
    OnnxOps.Value fitted =
        keys > length ? ops.slice(key, 1, 0, length) : ops.pad(key, 1, 0, length - keys);
    ops.output("pairs", correlation.diagonalMeans(query, fitted), -1, length);
    Map<String, float[]> found = run(ops, 2, length + keys);
    assertThat(found.get("frequencies")).containsExactly(found.get("pairs"), within(1e-4f));
  }

  @ParameterizedTest
  @CsvSource({"100, 9", "96, 17", "336, 49", "30, 9", "20, 31"})
  void shouldAverageInPiecesAsStepByStep(int length, int kernel) throws OrtException {
    OnnxOps ops = OnnxOps.of(Map.of());
    OnnxOps.Value x = ops.input("x", -1, length, WIDTH);
    ops.output("average", Blocks.movingAverage(ops, x, length, kernel, WIDTH), -1, length, WIDTH);
    float[] averages = run(ops, 2, length).get("average");
    float[] values = values(2, length);
    for (int i = 0; i < averages.length; i++) {
      int channel = i % WIDTH;
      int step = i / WIDTH % length;
      int window = i / WIDTH / length * length;
      double sum = 0;
      for (int k = step - kernel / 2; k <= step + kernel / 2; k++) {
        sum += values[(window + Math.max(0, Math.min(length - 1, k))) * WIDTH + channel];
      }
      assertThat(averages[i]).isCloseTo((float) (sum / kernel), within(1e-5f));
    }
  }

  private static float[] values(int windows, int steps) {
    Random random = new Random(3);
    float[] values = new float[windows * steps * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Map<String, float[]> run(OnnxOps ops, int windows, int steps) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    FloatBuffer values = FloatBuffer.wrap(values(windows, steps));
    try (OrtSession session = environment.createSession(ops.toModel("test", Map.of()));
        OnnxTensor x =
            OnnxTensor.createTensor(environment, values, new long[] {windows, steps, WIDTH});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      Map<String, float[]> found = new HashMap<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        FloatBuffer buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
        float[] copy = new float[buffer.remaining()];
        buffer.get(copy);
        found.put(output.getKey(), copy);
      }
      return found;
    }
  }
}
