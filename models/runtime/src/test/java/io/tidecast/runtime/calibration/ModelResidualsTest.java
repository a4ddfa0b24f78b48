package io.tidecast.runtime.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.measures.Leads;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelResidualsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static Residuals residuals(double size, @Nullable Double unit, String... seasons) {
    Residuals.Target target =
        new Residuals.Target(
            List.of(1.0, 3.0),
            List.of(size, 2 * size),
            List.of(
                List.of(-2 * size, -size, 0.0, size, 3 * size),
                List.of(-4 * size, -2 * size, 0.0, 2 * size, 6 * size)),
            unit);
    return new Residuals(
        "days.csv",
        7,
        List.of(seasons),
        List.of(1, 5),
        List.of(.05, .25, .5, .75, .95),
        List.of(target));
  }

  @Test
  void shouldGiveWhatItsLeadsAndLevelsAre() {
    ModelResiduals known = ModelResiduals.of(List.of(residuals(1, 4.0)), 0, HOUR, List.of());
    ResidualQuantiles at = known.at(new Leads(1, 3, 5, 20), new double[] {.05, .5, .95});
    assertThat(at.meanAbsolute(0)).isEqualTo(1);
    assertThat(at.quantile(0, 2)).isEqualTo(3);
    assertThat(at.meanAbsolute(1)).as("between leads").isEqualTo(1.5);
    assertThat(at.quantile(1, 0)).isEqualTo(-3);
    assertThat(at.quantile(3, 2)).as("beyond the horizon").isEqualTo(6);
    assertThat(known.growth(3)).isEqualTo(2, within(1e-12));
    assertThat(known.growth(20)).isEqualTo(3 * 2, within(1e-12));
    assertThat(known.unit()).hasValue(4);
  }

  @Test
  void shouldTakeOtherLevelsAsTheNormalDistributionHasThem() {
    ModelResiduals known = ModelResiduals.of(List.of(residuals(1, null)), 0, HOUR, List.of());
    ResidualQuantiles at = known.at(new Leads(1), new double[] {.025, .4, .6, .975});
    assertThat(at.quantile(0, 0)).isEqualTo(-2 * 1.95996 / 1.64485, within(1e-4));
    assertThat(at.quantile(0, 3)).isEqualTo(3 * 1.95996 / 1.64485, within(1e-4));
    assertThat(at.quantile(0, 2)).isEqualTo(.25335 / .67449, within(1e-4));
    assertThat(at.quantile(0, 1)).isEqualTo(-.25335 / .67449, within(1e-4));
    assertThat(known.unit()).isEmpty();
  }

  /** Every data set counts alike; units are of as many seasons as the series has. */
  @Test
  void shouldTakeTheUnitThatTheSeriesHas() {
    List<Residuals> all =
        List.of(residuals(1, null), residuals(2, null, "PT24H"), residuals(6, null, "P1D"));
    ModelResiduals daily = ModelResiduals.of(all, 0, HOUR, List.of(24, 168));
    assertThat(daily.seasons()).containsExactly(24);
    double[] levels = {.5};
    assertThat(daily.at(new Leads(1), levels).meanAbsolute(0)).isEqualTo(4);
    ModelResiduals weekly = ModelResiduals.of(all, 0, HOUR, List.of(168));
    assertThat(weekly.seasons()).isEmpty();
    assertThat(weekly.at(new Leads(1), levels).meanAbsolute(0)).isEqualTo(1);
    assertThat(ModelResiduals.of(all, 1, HOUR, List.of())).isNull();
    assertThat(ModelResiduals.of(all.subList(1, 3), 0, HOUR, List.of())).isNull();
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> residuals(0, null))
        .withMessage("must be positive: errors=[0.0, 0.0]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> residuals(1, null, "a day"))
        .withMessage("must be at most 8 positive ISO-8601 durations: seasons=[a day]");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Residuals("days.csv", 7, List.of(), List.of(2), List.of(.5), List.of()))
        .withMessage("must be 1..64 steps that ascend from 1: leads=[2]");
  }
}
