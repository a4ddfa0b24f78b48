package io.tidecast.runtime.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.windows.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContextFillTest {

  private static final float NAN = Float.NaN;

  @Test
  void shouldTakeTheValueBeforeAndTheFirstBeforeThat() {
    assertThat(filled(Fill.PREVIOUS, NAN, NAN, 3, NAN, 5, NAN)).containsExactly(3, 3, 3, 3, 5, 5);
  }

  @Test
  void shouldDrawALineBetweenTheValuesAround() {
    assertThat(filled(Fill.LINEAR, NAN, 2, NAN, NAN, 5, NAN)).containsExactly(2, 2, 3, 4, 5, 5);
    float huge = Float.MAX_VALUE;
    assertThat(filled(Fill.LINEAR, -huge, NAN, huge)).containsExactly(-huge, 0, huge);
  }

  @Test
  void shouldTakeTheSeasonBeforeThenTheSeasonAfterThenTheValueBefore() {
    assertThat(filled(Fill.SEASONAL, 1, 2, 3, NAN, 5, NAN, 7, 8, NAN))
        .containsExactly(1, 2, 3, 1, 5, 3, 7, 8, 3);
    assertThat(filled(Fill.SEASONAL, NAN, 2, 3, NAN, 5, 6, 7)).startsWith(7, 2, 3, 7, 5);
    assertThat(filled(Fill.SEASONAL, 1, 2, NAN, 4, 5, NAN)).containsExactly(1, 2, 2, 4, 5, 5);
  }

  @Test
  void shouldPutTheConstant() {
    assertThat(filled(Fill.CONSTANT, NAN, 2, NAN)).containsExactly(-9, 2, -9);
  }

  @Test
  void shouldPutTheConstantWhateverValuesAreToldFrom() {
    float[] context = {NAN, 2};
    new ContextFill(Fill.CONSTANT, 3, 1e9 + 5, 1).apply(context, new double[] {1e9});
    assertThat(context).containsExactly(5, 2);
  }

  @Test
  void shouldLeaveWhatItIsToldToLeave() {
    assertThat(filled(Fill.NONE, NAN, 2)).containsExactly(NAN, 2);
  }

  @Test
  void shouldKeepChannelsApart() {
    float[] context = {1, NAN, NAN, 20, NAN, NAN, 7, 40};
    ContextFill fill = new ContextFill(Fill.LINEAR, 1, 0, 2);
    assertThat(fill.longestGap(context)).isEqualTo(2);
    fill.apply(context, Window.NO_BASES);
    assertThat(context).containsExactly(1, 20, 3, 20, 5, 30, 7, 40);
    assertThat(fill.longestGap(context)).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fill.class,
      names = {"PREVIOUS", "LINEAR", "SEASONAL"})
  void shouldLeaveAChannelWithoutAnyValue(Fill fill) {
    float[] context = {1, NAN, NAN, NAN, 3, NAN, 4, NAN, NAN, NAN};
    new ContextFill(fill, 1, 0, 2).apply(context, Window.NO_BASES);
    for (int at = 0; at < context.length; at += 2) {
      assertThat(context[at]).isNotNaN();
      assertThat(context[at + 1]).isNaN();
    }
  }

  /** One channel, seasons of three cells. */
  private static float[] filled(Fill fill, float... context) {
    new ContextFill(fill, 3, -9, 1).apply(context, Window.NO_BASES);
    return context;
  }
}
