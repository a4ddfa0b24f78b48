package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceOptions;
import io.tidecast.runtime.testing.RichModels;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ModelCatalogTest {

  private final ModelCatalog catalog = new ModelCatalog();
  private final ModelBundle identity = TestModels.identity();

  @Test
  void shouldOpenAModelOnceForAllItsUsers() {
    try (Forecaster first = acquire(identity);
        Forecaster second = acquire(identity)) {
      assertThat(first).isNotSameAs(second);
      assertThat(catalog.size()).isEqualTo(1);
    }
  }

  @Test
  void shouldKeepAModelOpenUntilItsLastUserCloses() {
    Forecaster first = acquire(identity);
    Forecaster second = acquire(identity);

    first.close();
    first.close();

    assertThatIllegalStateException().isThrownBy(() -> forecast(first));
    assertThat(forecast(second)).containsExactly(1, 2, 3, 4);
    assertThat(catalog.size()).isEqualTo(1);

    second.close();

    assertThatIllegalStateException().isThrownBy(() -> forecast(second));
    assertThat(catalog.size()).isZero();
  }

  @Test
  void shouldOpenAClosedModelAgain() {
    acquire(identity).close();

    try (Forecaster again = acquire(identity)) {
      assertThat(forecast(again)).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void shouldKeepModelsAndOptionsApart() {
    try (Forecaster one = acquire(identity);
        Forecaster other = acquire(TestModels.withQuantiles());
        Forecaster wider = catalog.acquire(identity, new OnnxOptions(2))) {
      assertThat(List.of(one.spec().id(), other.spec().id(), wider.spec().id()))
          .containsExactly("identity", "with-quantiles", "identity");
      assertThat(catalog.size()).isEqualTo(3);
    }
    assertThat(catalog.size()).isZero();
  }

  @Test
  void shouldKeepDevicesApartAndSayWhereAModelRuns() {
    OnnxOptions onGpu =
        OnnxOptions.defaults().on(DeviceOptions.required(Device.parse("cuda:99")).preferred());
    try (Forecaster one = acquire(identity);
        Forecaster other = catalog.acquire(identity, onGpu)) {
      assertThat(catalog.size()).isEqualTo(2);
      assertThat(one.placement().fellBack()).isFalse();
      assertThat(other.placement().fellBack()).isTrue();
    }
  }

  @Test
  void shouldKeepManifestsOfOneGraphApart() {
    ModelBundle model = RichModels.calendarAndNoise();
    String json = model.manifest().toJson();
    ModelManifest other = ModelManifest.parse(json.replace("day_of_week", "day_of_year"));
    try (Forecaster weekly = acquire(model);
        Forecaster yearly = acquire(new ModelBundle(other, model.onnx(), model.golden()))) {
      assertThat(weekly.spec()).isEqualTo(model.manifest().spec());
      assertThat(yearly.spec()).isEqualTo(other.spec()).isNotEqualTo(weekly.spec());
    }
  }

  @Test
  void shouldHoldNothingOfAModelThatCannotBeOpened() {
    ModelBundle wrong =
        new ModelBundle(
            identity.manifest(),
            identity.onnx(),
            new GoldenVectors(
                1e-4,
                List.of(
                    new GoldenVectors.Case(
                        Window.of(new float[4]), new float[] {1, 1, 1, 1}, new float[0]))));

    assertThatExceptionOfType(ModelException.class).isThrownBy(() -> acquire(wrong));
    assertThat(catalog.size()).isZero();
  }

  @Test
  void shouldStandManyThreadsThatComeAndGo() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        results.add(
            threads.submit(
                () -> {
                  try (Forecaster forecaster = acquire(identity)) {
                    return forecast(forecaster);
                  }
                }));
      }
      for (Future<float[]> result : results) {
        assertThat(result.get(30, TimeUnit.SECONDS)).containsExactly(1, 2, 3, 4);
      }
      assertThat(catalog.size()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  private Forecaster acquire(ModelBundle bundle) {
    return catalog.acquire(bundle, OnnxOptions.defaults());
  }

  private static float[] forecast(Forecaster forecaster) {
    WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
    windows.add(Window.of(new float[] {1, 2, 3, 4}));
    ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
    forecaster.forecast(windows, forecasts);
    float[] points = new float[4];
    forecasts.points(0, points);
    return points;
  }
}
