package io.tidecast.runtime.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidecast.runtime.manifest.CalendarFeature;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.TensorRole;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows of a model that is given everything that there is. */
class RichWindowBatchTest {

  private static final long STEP = Duration.ofMinutes(90).toMillis();

  /** A Sunday. */
  private static final long ORIGIN = Instant.parse("2000-01-02T22:30:00Z").toEpochMilli();

  private static final List<CalendarFeature> PAST =
      List.of(CalendarFeature.MINUTE_OF_HOUR, CalendarFeature.DAY_OF_WEEK);
  private static final List<CalendarFeature> AHEAD = List.of(CalendarFeature.DAY_OF_WEEK);

  /** Three cells of two channels, two ahead, two covariates, five draws. */
  private static final ForecasterSpec SPEC =
      new ForecasterSpec(
          "m", "1", 3, 2, 2, List.of(1), new ForecasterInputs(2, PAST, AHEAD, 5), List.of());

  private final WindowBatch batch = new WindowBatch(SPEC, 3);

  @Test
  void shouldFillEveryInput() {
    batch.add(window("a", ORIGIN - STEP, 1, 2, 3, 4));

    assertThat(batch.add(window("b", ORIGIN, 5, 6, 7, 8))).isEqualTo(1);

    assertThat(input(TensorRole.CONTEXT, 1)).containsExactly(1, 2, 3, 2, 5, 6);
    assertThat(input(TensorRole.FUTURE_COVARIATES, 1)).containsExactly(5, 6, 7, 8);
    // 19:30, 21:00 and 22:30 of Sunday; midnight and 1:30 of Monday.
    float half = (float) (30 / 59.0 - 0.5);
    assertThat(input(TensorRole.CONTEXT_TIME_FEATURES, 1))
        .containsExactly(half, 0.5f, -0.5f, 0.5f, half, 0.5f);
    assertThat(input(TensorRole.FUTURE_TIME_FEATURES, 1)).containsExactly(-0.5f, -0.5f);
    float[] draws = new float[5];
    new Noise("m", "1").fill("b", ORIGIN, draws);
    assertThat(input(TensorRole.NOISE, 1)).containsExactly(draws);
  }

  @Test
  void shouldKeepRowsApart() {
    batch.add(window("a", ORIGIN, 1, 2, 3, 4));
    float[][] alone = everything(0);
    batch.clear();
    batch.add(window("b", ORIGIN - STEP, 5, 6, 7, 8));
    batch.add(window("a", ORIGIN, 1, 2, 3, 4));
    batch.add(window("a", ORIGIN, 1, 2, 3, 4));

    assertThat(everything(1)).isDeepEqualTo(alone);
    assertThat(everything(2)).isDeepEqualTo(alone);
    assertThat(everything(0)).isNotEqualTo(alone);
  }

  @Test
  void shouldRefuseCovariatesThatAreNotKnown() {
    batch.add(window("a", ORIGIN, 1, 2, 3, 4));
    float[][] before = everything(0);

    assertRefused(
        window("b", ORIGIN, 1, 2, 3, Float.NaN),
        "must be finite: futureCovariates[step 1][covariate 1]=NaN");
    assertRefused(
        window("b", ORIGIN, Float.NEGATIVE_INFINITY, 2, 3, 4),
        "must be finite: futureCovariates[step 0][covariate 0]=-Infinity");
    assertRefused(window("b", ORIGIN, 1, 2, 3), "must hold 4 values: futureCovariates.length=3");

    assertThat(everything(0)).isDeepEqualTo(before);
  }

  @Test
  void shouldAskForAStepWhereItTellsTheTime() {
    assertRefused(
        new Window("a", ORIGIN, 0, new float[6], new float[4]), "must be positive: stepMillis=0");
    WindowBatch plain = new WindowBatch(new ForecasterSpec("m", "1", 1, 1, 1, List.of()), 1);
    plain.add(new Window("a", ORIGIN, 0, new float[1]));
    assertThat(plain.size()).isEqualTo(1);
  }

  @Test
  void shouldTakeNoticeOfAnotherStep() {
    batch.add(window("a", ORIGIN, 1, 2, 3, 4));
    batch.add(new Window("a", ORIGIN, 2 * STEP, new float[6], new float[4]));

    assertThat(input(TensorRole.CONTEXT_TIME_FEATURES, 1))
        .isNotEqualTo(input(TensorRole.CONTEXT_TIME_FEATURES, 0));
  }

  @Test
  void shouldIgnoreCovariatesThatNobodyAskedFor() {
    WindowBatch plain = new WindowBatch(new ForecasterSpec("m", "1", 3, 2, 2, List.of()), 1);

    plain.add(window("a", ORIGIN, 1, 2, 3, Float.NaN));

    assertThat(plain.size()).isEqualTo(1);
    float[] untouched = {7};
    plain.input(TensorRole.FUTURE_COVARIATES, 0, untouched);
    assertThat(untouched).containsExactly(7);
  }

  @Test
  void shouldLieInDirectMemoryOfNativeOrder() {
    for (TensorRole role : TensorRole.values()) {
      if (role.isInput() && SPEC.size(role) > 0) {
        assertThat(batch.rows(role).cells().isDirect()).as("%s", role).isTrue();
        assertThat(batch.rows(role).cells().order()).isEqualTo(ByteOrder.nativeOrder());
        assertThat(batch.rows(role).aside().order()).isEqualTo(ByteOrder.nativeOrder());
      }
    }
  }

  private void assertRefused(Window window, String message) {
    int size = batch.size();
    assertThatIllegalArgumentException().isThrownBy(() -> batch.add(window)).withMessage(message);
    assertThat(batch.size()).isEqualTo(size);
  }

  private static Window window(String series, long originMillis, float... covariates) {
    float[] context = {1, 2, 3, Float.NaN, 5, 6};
    return new Window(series, originMillis, STEP, context, covariates);
  }

  private float[][] everything(int row) {
    return new float[][] {
      input(TensorRole.CONTEXT, row),
      input(TensorRole.CONTEXT_TIME_FEATURES, row),
      input(TensorRole.FUTURE_TIME_FEATURES, row),
      input(TensorRole.FUTURE_COVARIATES, row),
      input(TensorRole.NOISE, row)
    };
  }

  private float[] input(TensorRole role, int row) {
    float[] values = new float[SPEC.size(role)];
    batch.input(role, row, values);
    return values;
  }
}
