package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceOptions;
import io.tidecast.runtime.testing.RichModels;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ModelCatalogTest {

  private static final ServingOptions SERVING = ServingOptions.builder().build();

  private final ModelCatalog catalog = new ModelCatalog();
  private final ModelBundle identity = TestModels.rollingOut(TestModels.identity(), 9);

  @Test
  void shouldServeAModelOnceForAllItsUsers() throws Exception {
    try (Guest second = join(identity)) {
      try (Guest first = join(identity)) {
        assertThat(catalog.size()).isEqualTo(1);
        assertThat(first.forecast()).containsExactly(1, 2, 3, 4);
      }
      assertThat(second.forecast()).containsExactly(1, 2, 3, 4);
      assertThat(catalog.size()).isEqualTo(1);
    }
    assertThat(catalog.size()).isZero();
    try (Guest again = join(identity)) {
      assertThat(again.forecast()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void shouldShareAModelAmongHorizons() throws Exception {
    try (Guest shorter = join(identity, 2);
        Guest own = join(identity, 4);
        Guest longer = join(identity, 9)) {
      assertThat(catalog.size()).isEqualTo(1);
      assertThat(shorter.forecast()).containsExactly(1, 2);
      assertThat(own.forecast()).containsExactly(1, 2, 3, 4);
      assertThat(longer.forecast()).containsExactly(1, 2, 3, 4, 1, 2, 3, 4, 1);
      assertThat(longer.user.spec()).isEqualTo(identity.manifest().spec(9));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> join(identity, 10))
        .withMessage("must be within 1..9, as far as identity/1 reaches: horizon=10");
    assertThat(catalog.size()).isZero();
  }

  @Test
  void shouldKeepModelsAndOptionsApart() {
    ModelCatalog.Options wide = new ModelCatalog.Options(new OnnxOptions(2), SERVING);
    ServingOptions late = ServingOptions.builder().maxBatchDelay(Duration.ofMillis(3)).build();
    ModelCatalog.Options other = new ModelCatalog.Options(OnnxOptions.defaults(), late);
    try (Guest one = join(identity);
        Guest others = join(TestModels.withQuantiles());
        Guest wider = new Guest(identity, wide, 4);
        Guest later = new Guest(identity, other, 4);
        Guest same = join(identity)) {
      assertThat(List.of(one, others, wider, later, same))
          .extracting(guest -> guest.user.spec().id())
          .containsExactly("identity", "with-quantiles", "identity", "identity", "identity");
      assertThat(catalog.size()).isEqualTo(4);
    }
    assertThat(catalog.size()).isZero();
  }

  @Test
  void shouldKeepDevicesApartAndSayWhereAModelRuns() {
    OnnxOptions onGpu =
        OnnxOptions.defaults().on(DeviceOptions.required(Device.parse("cuda:99")).preferred());
    try (Guest one = join(identity);
        Guest other = new Guest(identity, new ModelCatalog.Options(onGpu, SERVING), 4)) {
      assertThat(catalog.size()).isEqualTo(2);
      assertThat(one.user.placement().fellBack()).isFalse();
      assertThat(other.user.placement().fellBack()).isTrue();
    }
  }

  @Test
  void shouldKeepManifestsOfOneGraphApart() {
    ModelBundle model = RichModels.calendarAndNoise();
    String json = model.manifest().toJson();
    ModelManifest other = ModelManifest.parse(json.replace("day_of_week", "day_of_year"));
    try (Guest weekly = join(model);
        Guest yearly = join(new ModelBundle(other, model.onnx(), model.golden()))) {
      assertThat(weekly.user.spec()).isEqualTo(model.manifest().spec());
      assertThat(yearly.user.spec()).isEqualTo(other.spec()).isNotEqualTo(weekly.user.spec());
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

    assertThatExceptionOfType(ModelException.class).isThrownBy(() -> join(wrong));
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
                  try (Guest guest = join(identity)) {
                    return guest.forecast();
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

  private Guest join(ModelBundle bundle) {
    return join(bundle, bundle.manifest().predictionLength());
  }

  private Guest join(ModelBundle bundle, int horizon) {
    return new Guest(bundle, new ModelCatalog.Options(OnnxOptions.defaults(), SERVING), horizon);
  }

  /** A user that waits for each forecast. */
  private final class Guest implements AutoCloseable {

    final Semaphore woken = new Semaphore(0);
    final ModelUser<Integer> user;

    Guest(ModelBundle bundle, ModelCatalog.Options options, int horizon) {
      user = catalog.join(bundle, options, horizon, new RecordedRuns(), woken::release);
    }

    float[] forecast() throws InterruptedException {
      user.offer(Window.of(new float[] {1, 2, 3, 4}), 1);
      List<float[]> points = new ArrayList<>();
      while (points.isEmpty()) {
        woken.acquire();
        user.drain((request, answer) -> points.add(((Answer.Made) answer).points()));
      }
      return points.get(0);
    }

    @Override
    public void close() {
      user.close();
    }
  }
}
