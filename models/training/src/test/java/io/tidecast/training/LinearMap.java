package io.tidecast.training;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Schedule;
import io.tidecast.architectures.TrainingSettings;
import io.tidecast.architectures.layers.Blocks;

/** A new forecaster: one linear map from the context of a channel to its horizon. */
final class LinearMap implements Architecture<LinearMap.Config> {

  /** What it is built from, under the names of official configurations. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Config(int encIn, int seqLen, int predLen) implements ArchitectureConfig {}

  @Override
  public String name() {
    return "linear-map";
  }

  @Override
  public Class<Config> configType() {
    return Config.class;
  }

  @Override
  public String defaults() {
    return "{}";
  }

  @Override
  public TrainingSettings officialTraining() {
    return TrainingSettings.builder()
        .batchSize(16)
        .epochs(40)
        .patience(5)
        .learningRate(0.02)
        .schedule(Schedule.COSINE)
        .build();
  }

  @Override
  public boolean mixesChannels() {
    return false;
  }

  @Override
  public <T> T forward(Ops<T> ops, Config config, Inputs<T> in) {
    T channels = ops.permute(in.context(), 0, 2, 1);
    T ahead = Blocks.linear(ops, channels, "map", config.seqLen(), config.predLen());
    return ops.permute(ahead, 0, 2, 1);
  }
}
