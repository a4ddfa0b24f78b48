package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.testing.TestModels;
import org.junit.jupiter.api.Test;

/**
 * Graphs whose answers depend on their batch on every processor; what real ones do depends on the
 * kernels at hand.
 */
class RunSharingTest {

  @Test
  void shouldLetWindowsShareRunsWhereNothingDependsOnTheBatch() {
    assertThat(sharing(TestModels.identity())).isEqualTo(RunSharing.ANY);
    assertThat(sharing(TestModels.withQuantiles())).isEqualTo(RunSharing.ANY);
  }

  @Test
  void shouldMeasureWithShortContextsWhereTheModelPadsThem() {
    assertThat(sharing(TestModels.meanOfKnown())).isEqualTo(RunSharing.ANY);
    assertThat(sharing(TestModels.otherInShortCompany())).isEqualTo(RunSharing.ALONE);
  }

  @Test
  void shouldPairALoneWindowWhereABatchOfOneDiffers() {
    assertThat(sharing(TestModels.otherWhenAlone())).isEqualTo(RunSharing.PAIRED);
  }

  @Test
  void shouldRunWindowsAloneWhereTheirCompanyMatters() {
    assertThat(sharing(TestModels.otherInCompany())).isEqualTo(RunSharing.ALONE);
  }

  private static RunSharing sharing(ModelBundle bundle) {
    try (OnnxForecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      return forecaster.sharing();
    }
  }
}
