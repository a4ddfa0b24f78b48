package io.tidecast.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.ParityCase;
import io.tidecast.architectures.Role;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("parity")
class TorchParityTest {

  static Stream<ParityCase> cases() {
    return ParityCase.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMatchTheOfficialCodeIntermediatesIncluded(ParityCase parity) {
    Map<String, float[]> found = run(parity, parity.architecture());
    assertThat(found.keySet()).containsAll(parity.intermediates());
    parity.assertMatches("y", found.get("y"));
    parity.intermediates().forEach(name -> parity.assertMatches(name, found.get(name)));
  }

  private static <C extends ArchitectureConfig> Map<String, float[]> run(
      ParityCase parity, Architecture<C> architecture) {
    C config = architecture.readConfig(parity.hyperparameters());
    Map<String, float[]> found = new LinkedHashMap<>();
    try (NDManager manager = Torch.newManager()) {
      TorchWeights weights = new TorchWeights(manager, 0);
      Map<Role, NDArray> given = new EnumMap<>(Role.class);
      parity
          .inputs()
          .forEach((role, x) -> given.put(role, manager.create(x.floats(), new Shape(x.shape()))));
      Inputs<NDArray> inputs = new Inputs<>(given);
      // The first pass asks for every parameter, the second runs with the official values.
      architecture.forward(TorchOps.inference(manager, weights), config, inputs);
      weights.restore(parity.weights());
      TorchOps ops =
          TorchOps.tapped(
              manager,
              weights,
              (name, value) -> found.put(name, TorchWeights.tensor(value).floats()));
      NDArray y = architecture.forward(ops, config, inputs);
      found.put("y", TorchWeights.tensor(y).floats());
    }
    return found;
  }
}
