package io.tidecast.evaluation.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.architectures.networks.Architectures;
import io.tidecast.runtime.bundle.ModelBundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelRoundingTest {
  static List<Path> models() throws Exception { return ZooGoldenTest.models(); }

  @ParameterizedTest
  @MethodSource("models")
  void shouldX(Path model) throws Exception {
    long t = System.nanoTime();
    Path to = Path.of("/tmp/w/fp16zoo").resolve(model.getParent().getFileName()).resolve("1-fp16");
    Files.createDirectories(to);
    ModelRounding r = ModelRounding.write(model, "1-fp16", Architectures.registry(), to);
    System.out.printf("%s %d -> %d bytes, diff %.2e, shift %s, %.1f s%n", model, Files.size(model.resolve("model.onnx")), r.bundle().onnx().length, r.difference(), r.bundle().manifest().shiftEquivariant(), (System.nanoTime()-t)/1e9);
    assertThat(ModelBundle.read(to).manifest()).isEqualTo(r.bundle().manifest());
  }
}
