package io.tidecast.architectures.networks;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.TrainingSettings;
import io.tidecast.architectures.layers.Blocks;
import io.tidecast.architectures.layers.RevIn;
import java.util.List;

/**
 * The honest contender: each step ahead is a weighted sum of the cells of the context, and of what
 * day of the week the newest cell is of (what month, where steps are months). Windows are
 * normalised before and moved back afterwards (RevIN). What such a model reaches, a network has to
 * beat: "Are Transformers Effective for Time Series Forecasting?" (Zeng et al., 2023, <a
 * href="https://arxiv.org/abs/2205.13504">arXiv 2205.13504</a>) found that many do not.
 *
 * <p>Its best weights follow from the training rows in closed form, as ridge regression.
 */
public final class Linear implements Architecture<LinearConfig> {

  /** The days of a week, and the months of a year. */
  private static final int DAYS = 7;

  private static final int MONTHS = 12;

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Class<LinearConfig> configType() {
    return LinearConfig.class;
  }

  @Override
  public String defaults() {
    return """
        {"individual": false, "calendar": true, "freq": "h"}
        """;
  }

  /** Of no use to who solves it; those of DLinear, for who trains it by gradients all the same. */
  @Override
  public TrainingSettings officialTraining() {
    return TrainingSettings.builder()
        .batchSize(32)
        .epochs(10)
        .patience(3)
        .learningRate(5e-3)
        .build();
  }

  @Override
  public boolean inClosedForm() {
    return true;
  }

  @Override
  public boolean mixesChannels() {
    return false;
  }

  @Override
  public List<Port> inputs(LinearConfig config) {
    Port context = Port.of(Role.CONTEXT, -1, config.seqLen(), config.encIn());
    return config.calendarTerms() == 0
        ? List.of(context)
        : List.of(context, Port.of(Role.CONTEXT_TIME_FEATURES, -1, config.seqLen(), 1));
  }

  /** How many places there are in the calendar that is looked at: none of weekly steps. */
  static int places(String freq) {
    return switch (freq) {
      case "w" -> 0;
      case "m" -> MONTHS;
      default -> DAYS;
    };
  }

  @Override
  public List<String> timeFeatures(LinearConfig config) {
    return switch (config.calendarTerms()) {
      case 0 -> List.of();
      case MONTHS -> List.of("month_of_year");
      default -> List.of("day_of_week");
    };
  }

  /**
   * Context {@code [batch, seq_len, enc_in]} to point forecasts {@code [batch, pred_len, enc_in]}.
   */
  @Override
  public <T> T forward(Ops<T> ops, LinearConfig config, Inputs<T> in) {
    T x = ops.permute(in.context(), 0, 2, 1);
    RevIn revIn = new RevIn("", config.encIn(), config.seqLen(), false, false);
    RevIn.Statistics<T> statistics = revIn.statistics(ops, x);
    T z = revIn.normalise(ops, x, statistics);
    T y =
        config.individual()
            ? Blocks.linearOfEach(
                ops, z, "linears.", config.encIn(), config.seqLen(), config.predLen())
            : Blocks.linear(ops, z, "linear", config.seqLen(), config.predLen());
    if (config.calendarTerms() > 0) {
      y = ops.add(y, calendar(ops, config, in.get(Role.CONTEXT_TIME_FEATURES)));
    }
    return ops.permute(revIn.denormalise(ops, y, statistics), 0, 2, 1);
  }

  /** What the calendar adds, {@code [batch, channel or 1, horizon]}. */
  private static <T> T calendar(Ops<T> ops, LinearConfig config, T marks) {
    T newest = ops.reshape(ops.slice(marks, 1, config.seqLen() - 1, 1), -1, 1);
    int places = config.calendarTerms();
    // Between -0.5 and 0.5, so many steps from each place.
    T at = ops.mul(ops.add(newest, ops.constant(0.5)), ops.constant(places - 1));
    float[] numbers = new float[places];
    for (int i = 0; i < places; i++) {
      numbers[i] = i;
    }
    T away = ops.sub(at, ops.constant(numbers, 1, places));
    T distance = ops.add(ops.relu(away), ops.relu(ops.sub(ops.constant(0), away)));
    T isThere = ops.relu(ops.sub(ops.constant(1), distance));
    int channels = config.individual() ? config.encIn() : 1;
    T y =
        Blocks.linearWithoutBias(
            ops, isThere, "calendar", places, (long) channels * config.predLen());
    return ops.reshape(y, -1, channels, config.predLen());
  }
}
