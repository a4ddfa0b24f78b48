package io.tidecast.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.ArchitectureRegistry;
import io.tidecast.architectures.Schedule;
import io.tidecast.architectures.TrainingSettings;
import io.tidecast.architectures.networks.Architectures;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.evaluation.folder.ModelExport;
import io.tidecast.evaluation.folder.SeriesSource;
import io.tidecast.evaluation.folder.Serving;
import io.tidecast.evaluation.folder.Trained;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import io.tidecast.training.torch.TorchReference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A forecaster is added by one file, {@link LinearMap}, and one line, which registers it. */
class NewArchitectureTest {
  private static final ArchitectureRegistry REGISTRY =
      Architectures.registry().with(new LinearMap());

  private static final int CHANNELS = 2;
  private static final int CONTEXT = 8;
  private static final int HORIZON = 3;
  private static final int ROWS = 300;
  private static final Split SPLIT = new Split(200, 50, 50);

  @TempDir private Path folder;

  /** Two waves, each of which a linear map of its past continues. */
  private static TimeSeries series() {
    double[] values = new double[ROWS * CHANNELS];
    for (int row = 0; row < ROWS; row++) {
      values[row * CHANNELS] = 500 + 40 * Math.sin(2 * Math.PI * row / 12);
      values[row * CHANNELS + 1] = -7 + 3 * Math.cos(2 * Math.PI * row / 12);
    }
    return new TimeSeries(List.of("load", "price"), 0, Duration.ofHours(1), values);
  }

  @Test
  void shouldBeTrainedExportedAndServed() throws IOException {
    SplitSeries data = SplitSeries.of(series(), SPLIT);
    Path model = folder.resolve("model");
    Trained<?> trained = trainAndExport(REGISTRY.named("linear-map"), data, model);

    ModelBundle bundle = ModelBundle.read(model);
    assertThat(bundle.manifest().architecture()).isEqualTo("linear-map");
    assertThat(bundle.manifest().contextLength()).isEqualTo(CONTEXT);
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      float[] context = new float[CONTEXT * CHANNELS];
      int origin = SPLIT.begin(Split.Part.TEST);
      data.series().copy(origin - CONTEXT, context);

      float[] served = forecast(forecaster, context);

      double[] expected = byHand(trained, data.scaler(), context);
      for (int step = 0; step < HORIZON; step++) {
        for (int channel = 0; channel < CHANNELS; channel++) {
          int i = step * CHANNELS + channel;
          double deviation = data.scaler().deviation()[channel];
          assertThat((double) served[i]).isCloseTo(expected[i], within(1e-4 * deviation));
          // What it learned is the wave.
          assertThat((double) served[i])
              .isCloseTo(
                  data.series().values()[(origin + step) * CHANNELS + channel],
                  within(0.2 * deviation));
        }
      }
    }
  }

  private static <C extends ArchitectureConfig> Trained<C> trainAndExport(
      Architecture<C> network, SplitSeries data, Path model) throws IOException {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("enc_in", CHANNELS).put("seq_len", CONTEXT).put("pred_len", HORIZON);
    C config = network.readConfig(json);
    TrainingSettings settings = network.officialTraining();
    Trained<C> trained =
        new Trainer<>(
                new Training<>(network, config, SeriesWindows.of(data, network, config), settings),
                model.resolve("checkpoint"),
                TrainingListener.SILENT)
            .train();
    new ModelExport<>(
            trained,
            new SeriesSource(data, "waves.csv", "Made up."),
            new ModelExport.Provenance(
                "waves", "1", "train", "Apache-2.0", Serving.PLAIN, settings, List.of()))
        .write(model, new TorchReference());
    return trained;
  }

  private static float[] forecast(Forecaster forecaster, float[] context) {
    WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
    ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
    windows.add(Window.of(context));
    forecaster.forecast(windows, forecasts);
    float[] points = new float[forecaster.spec().pointsSize()];
    forecasts.points(0, points);
    return points;
  }

  /** The map itself, in doubles: {@code weight [horizon][context]} and {@code bias [horizon]}. */
  private static double[] byHand(Trained<?> trained, Scaler scaler, float[] context) {
    float[] weight = trained.weights().get("map.weight").floats();
    float[] bias = trained.weights().get("map.bias").floats();
    double[] points = new double[HORIZON * CHANNELS];
    for (int step = 0; step < HORIZON; step++) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        double mean = scaler.mean()[channel];
        double deviation = scaler.deviation()[channel];
        double scaled = bias[step];
        for (int t = 0; t < CONTEXT; t++) {
          double value = (context[t * CHANNELS + channel] - mean) / deviation;
          scaled += weight[step * CONTEXT + t] * value;
        }
        points[step * CHANNELS + channel] = scaled * deviation + mean;
      }
    }
    return points;
  }

  @Test
  void shouldStandBesideThoseThatAreShipped() {
    assertThat(REGISTRY.all()).hasSize(Architectures.all().size() + 1);
    assertThat(Architectures.all()).noneMatch(LinearMap.class::isInstance);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> REGISTRY.with(new LinearMap()))
        .withMessage("architectures must have different names: name=linear-map");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> REGISTRY.named("lstm"))
        .withMessageContaining("timexer, linear-map");
  }

  @ParameterizedTest
  @CsvSource({
    "autoformer, 32, 10, 3, 1e-4, HALVING",
    "informer, 32, 6, 3, 1e-4, HALVING",
    "patchtst, 128, 100, 100, 1e-4, DECAY",
    "sundial, 64, 30, 8, 1e-3, COSINE",
    "timexer, 4, 10, 3, 1e-4, HALVING"
  })
  void shouldBeTrainedAsTheOfficialCodeDoes(
      String name, int batchSize, int epochs, int patience, double rate, Schedule schedule) {
    TrainingSettings expected =
        TrainingSettings.builder()
            .batchSize(batchSize)
            .epochs(epochs)
            .patience(patience)
            .learningRate(rate)
            .schedule(schedule)
            .seed(2021)
            .build();
    assertThat(Architectures.named(name).officialTraining()).isEqualTo(expected);
  }

  @Test
  void shouldSayInACheckpointWhatItAlwaysSaid() {
    assertThat(Architectures.named("patchtst").officialTraining())
        .hasToString(
            "TrainingSettings[batchSize=128, epochs=100, patience=100, learningRate=1.0E-4, "
                + "schedule=decay, loss=MSE, weightDecay=0.0, mixup=false, averaging=0.0, seed=2021]");
  }
}
