package io.tidecast.runtime.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineTest {

  @Test
  void shouldGoOnAsTheContextWentFromItsFirstCellToItsLast() {
    ForecasterSpec model =
        new ForecasterSpec("any", "1", 3, 2, 2, List.of(1, 0), ForecasterInputs.NONE, List.of());
    assertThat(forecast(model, 1, 10, 5, 77, 3, 30)).containsExactly(40, 4, 50, 5);
  }

  @Test
  void shouldRepeatACellThatIsAlone() {
    ForecasterSpec model = new ForecasterSpec("any", "1", 1, 3, 1, List.of());
    assertThat(forecast(model, 7)).containsExactly(7, 7, 7);
  }

  /** Leading cells that are missing are the first known one. */
  @Test
  void shouldTakeTheFirstKnownCellForThoseBefore() {
    ForecasterSpec model = new ForecasterSpec("any", "1", 3, 1, 1, List.of());
    assertThat(forecast(model, Float.NaN, 2, 4)).containsExactly(5);
  }

  private static float[] forecast(ForecasterSpec model, float... context) {
    try (Line line = new Line(model)) {
      WindowBatch windows = new WindowBatch(line.spec(), 2);
      ForecastBatch forecasts = new ForecastBatch(line.spec(), 2);
      windows.add(Window.of(new float[context.length]));
      windows.add(Window.of(context));
      line.forecast(windows, forecasts);
      float[] points = new float[line.spec().pointsSize()];
      forecasts.points(1, points);
      return points;
    }
  }
}
