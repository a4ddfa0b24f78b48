package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.testing.RichModels;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.Window;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShiftTrialTest {

  @Test
  void shouldFindThatForecastsMoveWithTheirContext() {
    assertThat(moves(TestModels.identity())).isTrue();
    assertThat(moves(TestModels.meanOverTime())).isTrue();
    assertThat(moves(TestModels.meanOfKnown())).as("of short contexts, too").isTrue();
  }

  @Test
  void shouldMoveEachChannelByItself() {
    assertThat(moves(RichModels.jointQuantiles())).as("targets in another order").isTrue();
    assertThat(moves(RichModels.calendarAndNoise())).as("one of two forecast").isTrue();
    assertThat(moves(RichModels.wander())).isTrue();
  }

  @Test
  void shouldFindThatForecastsDoNot() {
    assertThat(moves(TestModels.logarithm())).isFalse();
    assertThat(moves(TestModels.positivePart())).as("but those above 0 do").isFalse();
    assertThat(moves(TestModels.withQuantiles())).as("only points do").isFalse();
    assertThat(moves(RichModels.everyInput())).as("weighted sums").isFalse();
  }

  /** A model that was trained at 1e6 cannot tell apart what a model of 100 can. */
  @Test
  void shouldTryTheModelAtItsOwnLevel() {
    ModelBundle model = TestModels.scaledAround(1e6f);
    assertThat(moves(model)).isFalse();
    float[] context = {1.1e6f, 0.9e6f, 1.2e6f, 1e6f};
    GoldenVectors golden =
        new GoldenVectors(
            1e-3, List.of(new GoldenVectors.Case(Window.of(context), context, new float[0])));
    assertThat(moves(new ModelBundle(model.manifest(), model.graph(), golden))).isTrue();
  }

  @Test
  void shouldBelieveTheManifest() {
    assertThat(moves(told(TestModels.identity(), false))).isFalse();
    assertThat(moves(told(TestModels.logarithm(), true))).isTrue();
  }

  private static ModelBundle told(ModelBundle model, boolean moves) {
    String json =
        model
            .manifest()
            .toJson()
            .replace("\"inputs\" : ", "\"shiftEquivariant\" : " + moves + ", \"inputs\" : ");
    return new ModelBundle(ModelManifest.parse(json), model.graph(), model.golden());
  }

  private static boolean moves(ModelBundle model) {
    try (OnnxForecaster forecaster = OnnxForecaster.open(model, OnnxOptions.defaults())) {
      return forecaster.isShiftEquivariant();
    }
  }
}
