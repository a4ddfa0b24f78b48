package io.tidecast.runtime.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest.Patches;
import io.tidecast.runtime.manifest.ModelManifest.Patches.Padding;
import io.tidecast.runtime.manifest.TensorRole;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Windows of models that are given patches. */
class PatchCutterTest {

  private static final float NO = Float.NaN;

  @Test
  void shouldRepeatTheNewestCellAtTheEnd() {
    WindowBatch batch = new WindowBatch(spec(4, 1, new Patches(3, 2, Padding.END), false), 2);

    batch.add(Window.of(new float[] {1, 2, 3, 4}));
    assertThat(batch.add(Window.of(new float[] {NO, 6, NO, 8}))).isEqualTo(2);

    // Of the padded 1 2 3 4 4 4 and 6 6 6 8 8 8.
    assertThat(patches(batch, 0)).containsExactly(1, 2, 3, 3, 4, 4);
    assertThat(patches(batch, 1)).containsExactly(6, 6, 6, 6, 8, 8);
  }

  @Test
  void shouldCutEachChannelByItself() {
    WindowBatch batch = new WindowBatch(spec(4, 2, new Patches(2, 2, Padding.NONE), false), 1);

    batch.add(Window.of(new float[] {1, 10, 2, 20, 3, 30, 4, 40}));

    assertThat(patches(batch, 0)).containsExactly(1, 2, 3, 4, 10, 20, 30, 40);
  }

  @Test
  void shouldLeaveOutTheNewestCellsThatFillNoPatch() {
    WindowBatch batch = new WindowBatch(spec(5, 1, new Patches(2, 3, Padding.NONE), false), 1);

    batch.add(Window.of(new float[] {1, 2, 3, 4, 5}));

    assertThat(patches(batch, 0)).containsExactly(1, 2, 4, 5);
  }

  @Test
  void shouldPadBeforeTheOldestCellOnTheLeft() {
    Patches geometry = new Patches(3, 3, Padding.LEFT);
    WindowBatch whole = new WindowBatch(spec(4, 1, geometry, false), 1);
    WindowBatch shorter = new WindowBatch(spec(4, 1, geometry, true), 2);

    whole.add(Window.of(new float[] {NO, 2, 3, 4}));
    shorter.add(Window.of(new float[] {1, 2, 3, 4}));
    shorter.add(Window.of(new float[] {NO, 2, NO, 4}));

    assertThat(patches(whole, 0)).containsExactly(2, 2, 2, 2, 3, 4);
    assertThat(patches(shorter, 0)).containsExactly(NO, NO, 1, 2, 3, 4);
    assertThat(patches(shorter, 1)).containsExactly(NO, NO, NO, 2, 2, 4);
  }

  @Test
  void shouldStayAsItWasWhereAWindowIsRefused() {
    WindowBatch batch = new WindowBatch(spec(4, 1, new Patches(3, 2, Padding.END), false), 2);
    batch.add(Window.of(new float[] {1, 2, 3, 4}));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.add(Window.of(new float[] {NO, NO, NO, NO})))
        .withMessage("must have a value somewhere: channel=0");

    assertThat(batch.size()).isEqualTo(1);
    assertThat(patches(batch, 0)).containsExactly(1, 2, 3, 3, 4, 4);
  }

  @Test
  void shouldHoldThePatchesAlone() {
    WindowBatch batch = new WindowBatch(spec(4, 1, new Patches(3, 2, Padding.END), false), 1);
    batch.add(Window.of(new float[] {1, 2, 3, 4}));

    float[] untouched = {7, 7, 7, 7};
    batch.context(0, untouched);

    assertThat(untouched).containsOnly(7);
    assertThat(batch.rows(TensorRole.PATCHES).cells().order()).isEqualTo(ByteOrder.nativeOrder());
    assertThat(batch.rows(TensorRole.PATCHES).cells().isDirect()).isTrue();
  }

  @Test
  void shouldRefuseAGeometryThatCutsNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> spec(4, 1, new Patches(5, 2, Padding.NONE), false))
        .withMessage(
            "must cut a context of 4 cells: patches=Patches[length=5, stride=2, padding=NONE]");
  }

  /** Against a list that is padded and then cut, over every kind of geometry. */
  @Test
  void shouldCutWhatAWholeContextHoldsOnceItIsFilled() {
    Random random = new Random(23);
    for (int round = 0; round < 500; round++) {
      int length = 1 + random.nextInt(9);
      int contextLength = length + random.nextInt(12);
      Padding padding = Padding.values()[random.nextInt(3)];
      Patches geometry = new Patches(length, 1 + random.nextInt(9), padding);
      int channels = 1 + random.nextInt(3);
      boolean leftPadding = random.nextBoolean();
      Window window = Window.of(context(random, contextLength * channels, channels));
      WindowBatch whole = new WindowBatch(spec(contextLength, channels, null, leftPadding), 1);
      WindowBatch cut = new WindowBatch(spec(contextLength, channels, geometry, leftPadding), 2);
      cut.add(Window.of(new float[contextLength * channels]));

      assertThat(cut.add(window)).isEqualTo(whole.add(window));

      float[] filled = new float[contextLength * channels];
      whole.context(0, filled);
      List<Float> expected = new ArrayList<>();
      for (int channel = 0; channel < channels; channel++) {
        expected.addAll(reference(filled, channels, channel, geometry, leftPadding));
      }
      assertThat(boxed(patches(cut, 1)))
          .as("%s of %d, %d channels, %s", geometry, contextLength, channels, window)
          .isEqualTo(expected);
    }
  }

  private static List<Float> reference(
      float[] context, int channels, int channel, Patches geometry, boolean leftPadding) {
    List<Float> series = new ArrayList<>();
    for (int i = channel; i < context.length; i += channels) {
      series.add(context[i]);
    }
    int size = series.size();
    if (geometry.padding() == Padding.END) {
      for (int i = 0; i < geometry.stride(); i++) {
        series.add(series.get(size - 1));
      }
    }
    while (geometry.padding() == Padding.LEFT
        && (series.size() < geometry.length()
            || (series.size() - geometry.length()) % geometry.stride() != 0)) {
      series.add(0, leftPadding ? Float.NaN : context[channel]);
    }
    List<Float> cut = new ArrayList<>();
    int end = series.size() - geometry.length();
    for (int start = 0; start <= end; start += geometry.stride()) {
      cut.addAll(series.subList(start, start + geometry.length()));
    }
    return cut;
  }

  /** A quarter of it missing, but for the newest cells. */
  private static float[] context(Random random, int size, int channels) {
    float[] context = new float[size];
    for (int i = 0; i < size; i++) {
      boolean missing = i < size - channels && random.nextInt(4) == 0;
      context[i] = missing ? NO : random.nextFloat();
    }
    return context;
  }

  private static List<Float> boxed(float[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
  }

  private static ForecasterSpec spec(
      int contextLength, int channels, Patches patches, boolean leftPadding) {
    return new ForecasterSpec(
        "m",
        "1",
        contextLength,
        1,
        channels,
        List.of(0),
        new ForecasterInputs(patches, 0, List.of(), List.of(), 0),
        List.of(),
        leftPadding);
  }

  private static float[] patches(WindowBatch batch, int row) {
    float[] values = new float[batch.spec().size(TensorRole.PATCHES)];
    batch.input(TensorRole.PATCHES, row, values);
    return values;
  }
}
