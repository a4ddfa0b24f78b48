package io.tidecast.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * Trains one network on one series: Adam, a schedule, early stopping on the validation loss. After
 * every epoch it leaves a checkpoint that a later run of the same training takes up. One thread.
 */
public final class Trainer<C extends ArchitectureConfig> {
  private static final int EVALUATION_BATCH = 256;

  private final Architecture<C> architecture;
  private final C config;
  private final TrainingData data;
  private final TrainingSettings settings;
  private final Path checkpoints;
  private final TrainingListener listener;

  /**
   * @param checkpoints folder of this training alone; made when needed
   * @throws IllegalArgumentException if the network can't be trained on such data
   * @throws DataException if a part of the data holds no window
   */
  public Trainer(
      Architecture<C> architecture,
      C config,
      TrainingData data,
      TrainingSettings settings,
      Path checkpoints,
      TrainingListener listener) {
    this.architecture = architecture;
    this.config = config;
    this.data = data;
    this.settings = settings;
    this.checkpoints = checkpoints;
    this.listener = listener;
    if (!architecture.inputs(config).stream().allMatch(port -> port.role() == Role.CONTEXT)
        || architecture.output(config).role() != Role.POINT) {
      throw new IllegalArgumentException(
          "architecture must give points from the context alone to be trained: architecture="
              + architecture.name());
    }
    if (config.encIn() != data.series().channels().size()) {
      throw new IllegalArgumentException(
          "enc_in must be the number of channels, "
              + data.series().channels().size()
              + ": enc_in="
              + config.encIn());
    }
    data.requireWindows(config.seqLen(), config.predLen());
  }

  /**
   * Trains to the end, from the checkpoint if there is one.
   *
   * @throws DataException if the checkpoint is of another training
   * @throws IllegalArgumentException if the loss is no number any more
   * @throws IOException if a checkpoint can't be read or written
   */
  public Trained<C> train() throws IOException {
    try (NDManager manager = Torch.newManager()) {
      return new Run(manager).train();
    }
  }

  /** Removes the checkpoint, once what was trained is safe elsewhere. */
  public void discardCheckpoint() throws IOException {
    Checkpoint.delete(checkpoints);
  }

  private String identity() {
    return architecture.name() + " " + config + " " + settings + " " + data.identity();
  }

  /** One run with its torch memory. */
  private final class Run {
    private final NDManager manager;
    private final TorchWeights weights;
    private final NDArray values;
    private final int trainWindows;
    private Adam adam;
    private Checkpoint state;

    Run(NDManager manager) {
      this.manager = manager;
      this.weights = new TorchWeights(manager, settings.seed());
      this.values =
          manager.create(
              data.scaler().scale(data.series()),
              new Shape(data.series().rows(), data.series().channels().size()));
      this.trainWindows = windows(Split.Part.TRAIN);
    }

    Trained<C> train() throws IOException {
      drawWeights();
      adam = new Adam(weights, settings.weightDecay());
      state = Checkpoint.read(checkpoints, identity()).orElse(null);
      if (state != null) {
        weights.restore(state.weights());
        adam.restore(state.optimiser());
        listener.onResume(state.epochs() + 1);
      }
      while (!finished()) {
        epoch();
      }
      return new Trained<>(
          architecture,
          config,
          state.best(),
          data.scaler(),
          state.epochs(),
          state.bestEpoch(),
          state.bestLoss(),
          weights.size(),
          state.seconds());
    }

    private boolean finished() {
      return state != null
          && (state.epochs() >= settings.epochs()
              || state.epochs() - state.bestEpoch() >= settings.patience());
    }

    /** One pass without learning, so that every parameter exists. */
    private void drawWeights() {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        forward(TorchOps.inference(manager, weights), batch(Split.Part.TRAIN, new int[] {0}));
      }
    }

    private void epoch() throws IOException {
      long started = System.nanoTime();
      int epoch = state == null ? 0 : state.epochs();
      double rate = settings.learningRate() * settings.schedule().factor(epoch, settings.epochs());
      // Seeded by the epoch, so that a resumed training draws what an unbroken one would have.
      long seed = settings.seed() * 1_000_003 + epoch;
      DropoutMasks masks = new DropoutMasks(seed);
      Random random = new Random(seed);
      int[] order = shuffled(random);
      int size = Math.min(settings.batchSize(), order.length);
      int steps = order.length / size;
      double sum = 0;
      for (int step = 0; step < steps; step++) {
        int[] windows = new int[size];
        System.arraycopy(order, step * size, windows, 0, size);
        sum += step(TorchOps.training(manager, weights, masks), windows, rate, random);
        listener.onStep(epoch + 1, step + 1, steps, sum / (step + 1));
      }
      double validation = finite(validationLoss());
      boolean best = state == null || validation < state.bestLoss();
      double seconds = (System.nanoTime() - started) / 1e9;
      Map<String, Tensor> snapshot = weights.snapshot();
      state =
          new Checkpoint(
              epoch + 1,
              best ? epoch + 1 : state.bestEpoch(),
              best ? validation : state.bestLoss(),
              (state == null ? 0 : state.seconds()) + seconds,
              snapshot,
              best ? snapshot : state.best(),
              adam.snapshot());
      state.write(checkpoints, identity());
      listener.onEpoch(
          new TrainingListener.Epoch(
              epoch + 1, settings.epochs(), sum / steps, validation, best, seconds));
    }

    private double step(TorchOps ops, int[] windows, double rate, Random random) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        double value;
        try (GradientCollector gradients = manager.getEngine().newGradientCollector()) {
          NDArray batch = batch(Split.Part.TRAIN, windows);
          NDArray loss = loss(ops, settings.mixup() ? mixed(batch, windows.length, random) : batch);
          gradients.backward(loss);
          value = loss.getFloat();
        }
        finite(value);
        adam.step(weights, rate);
        return value;
      }
    }

    private double finite(double loss) {
      if (!Double.isFinite(loss)) {
        throw new IllegalArgumentException(
            "learning rate is too large, the training diverged: loss=%s learning rate=%s"
                .formatted(loss, settings.learningRate()));
      }
      return loss;
    }

    private double validationLoss() {
      int windows = windows(Split.Part.VALIDATION);
      double sum = 0;
      for (int from = 0; from < windows; from += EVALUATION_BATCH) {
        int[] starts = new int[Math.min(EVALUATION_BATCH, windows - from)];
        for (int i = 0; i < starts.length; i++) {
          starts[i] = from + i;
        }
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          NDArray batch = batch(Split.Part.VALIDATION, starts);
          sum += loss(TorchOps.inference(manager, weights), batch).getFloat() * starts.length;
        }
      }
      return sum / windows;
    }

    private NDArray loss(TorchOps ops, NDArray batch) {
      NDArray actual = batch.get(new NDIndex(":, {}:, :", config.seqLen()));
      return settings.loss().of(forward(ops, batch), actual);
    }

    private NDArray forward(TorchOps ops, NDArray batch) {
      NDArray context = batch.get(new NDIndex(":, :{}, :", config.seqLen()));
      return architecture.forward(ops, config, new Inputs<>(context));
    }

    /** Scaled {@code [window][context and horizon][channel]}. */
    private NDArray batch(Split.Part part, int[] windows) {
      int length = config.seqLen() + config.predLen();
      int first = data.split().firstWindow(part, config.seqLen());
      long[] rows = new long[windows.length * length];
      for (int i = 0; i < windows.length; i++) {
        for (int t = 0; t < length; t++) {
          rows[i * length + t] = (long) first + windows[i] + t;
        }
      }
      return values.get(manager.create(rows, new Shape(windows.length, length)));
    }

    private int windows(Split.Part part) {
      return data.split().windows(part, config.seqLen(), config.predLen());
    }

    /** Every window moved a random part of the way to its neighbour in the shuffled batch. */
    private NDArray mixed(NDArray batch, int size, Random random) {
      float[] shares = new float[size];
      long[] neighbours = new long[size];
      for (int i = 0; i < size; i++) {
        shares[i] = random.nextFloat();
        neighbours[i] = (i + 1) % size;
      }
      NDArray other = batch.get(manager.create(neighbours));
      return batch.add(other.sub(batch).mul(manager.create(shares, new Shape(size, 1, 1))));
    }

    private int[] shuffled(Random random) {
      int[] order = new int[trainWindows];
      for (int i = 0; i < order.length; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      return order;
    }
  }
}
