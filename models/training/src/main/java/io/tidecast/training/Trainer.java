package io.tidecast.training;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.TrainingSettings;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.folder.Trained;
import io.tidecast.training.torch.Adam;
import io.tidecast.training.torch.AveragedWeights;
import io.tidecast.training.torch.DropoutMasks;
import io.tidecast.training.torch.Torch;
import io.tidecast.training.torch.TorchOps;
import io.tidecast.training.torch.TorchWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Trains one network: Adam, a schedule, early stopping on the validation loss. After every epoch it
 * leaves a checkpoint that a later run of the same training takes up. One thread.
 */
public final class Trainer<C extends ArchitectureConfig> {
  private static final int EVALUATION_BATCH = 256;

  private final Training<C> training;
  private final Architecture<C> architecture;
  private final C config;
  private final TrainingWindows windows;
  private final TrainingSettings settings;
  private final Path checkpoints;
  private final TrainingListener listener;

  /**
   * A trainer that has not begun.
   *
   * @param checkpoints folder of this training alone; made when needed
   */
  public Trainer(Training<C> training, Path checkpoints, TrainingListener listener) {
    this.training = training;
    this.architecture = training.architecture();
    this.config = training.config();
    this.windows = training.windows();
    this.settings = training.settings();
    this.checkpoints = checkpoints;
    this.listener = listener;
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

  /** Holds one run and its torch memory. */
  private final class Run {
    private final NDManager manager;
    private final TorchWeights weights;
    private final int features = architecture.timeFeatures(config).size();
    private final Adam adam;
    private final @Nullable AveragedWeights average;
    private Checkpoint state = Checkpoint.START;

    Run(NDManager manager) {
      this.manager = manager;
      this.weights = new TorchWeights(manager, settings.seed());
      drawWeights();
      this.adam = new Adam(weights, settings.weightDecay());
      this.average =
          settings.averaging() > 0
              ? new AveragedWeights(manager, weights, settings.averaging())
              : null;
    }

    Trained<C> train() throws IOException {
      Checkpoint.read(checkpoints, training.identity()).ifPresent(this::resume);
      while (!finished()) {
        epoch();
      }
      return new Trained<>(
          architecture,
          config,
          state.best(),
          windows.scaler(),
          state.epochs(),
          state.bestEpoch(),
          state.bestLoss(),
          weights.size(),
          state.seconds());
    }

    private void resume(Checkpoint left) {
      state = left;
      weights.restore(left.weights());
      adam.restore(left.optimiser());
      if (average != null) {
        average.restore(left.optimiser());
      }
      listener.onResume(left.epochs() + 1);
    }

    private boolean finished() {
      return state.epochs() >= settings.epochs()
          || state.epochs() - state.bestEpoch() >= settings.patience();
    }

    /** One pass without learning, so that every parameter exists. */
    private void drawWeights() {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        Batch batch = batch(Split.Part.TRAIN, 0, new int[] {0});
        batch.draw(new Random(0));
        batch.loss(TorchOps.inference(manager, weights));
      }
    }

    private void epoch() throws IOException {
      long started = System.nanoTime();
      int epoch = state.epochs();
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
        int[] chosen = Arrays.copyOfRange(order, step * size, (step + 1) * size);
        sum += step(TorchOps.training(manager, weights, masks), epoch, chosen, rate, random);
        listener.onStep(epoch + 1, step + 1, steps, sum / (step + 1));
      }
      Map<String, Tensor> last = weights.snapshot();
      Map<String, Tensor> served = average == null ? last : average.over(last);
      double validation = finite(validationLoss(last, served));
      boolean best = validation < state.bestLoss();
      double seconds = (System.nanoTime() - started) / 1e9;
      state =
          new Checkpoint(
              epoch + 1,
              best ? epoch + 1 : state.bestEpoch(),
              best ? validation : state.bestLoss(),
              state.seconds() + seconds,
              last,
              best ? served : state.best(),
              optimiser());
      state.write(checkpoints, training.identity());
      listener.onEpoch(
          new TrainingListener.Epoch(
              epoch + 1, settings.epochs(), sum / steps, validation, best, seconds));
    }

    private double step(TorchOps ops, int epoch, int[] chosen, double rate, Random random) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        double value;
        try (GradientCollector gradients = manager.getEngine().newGradientCollector()) {
          Batch batch = batch(Split.Part.TRAIN, epoch, chosen);
          if (settings.mixup()) {
            batch.mix(random);
          }
          batch.draw(random);
          NDArray loss = batch.loss(ops);
          gradients.backward(loss);
          value = loss.getFloat();
        }
        finite(value);
        adam.step(weights, rate);
        if (average != null) {
          average.add(weights);
        }
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

    private Map<String, Tensor> optimiser() {
      Map<String, Tensor> tensors = new LinkedHashMap<>(adam.snapshot());
      if (average != null) {
        tensors.putAll(average.snapshot());
      }
      return tensors;
    }

    /** Of the weights that would be served; the last ones are in their place again afterwards. */
    private double validationLoss(Map<String, Tensor> last, Map<String, Tensor> served) {
      if (served == last) {
        return validationLoss();
      }
      weights.restore(served);
      double loss = validationLoss();
      weights.restore(last);
      return loss;
    }

    private double validationLoss() {
      int count = windows.count(Split.Part.VALIDATION);
      double sum = 0;
      for (int from = 0; from < count; from += EVALUATION_BATCH) {
        int[] starts = new int[Math.min(EVALUATION_BATCH, count - from)];
        for (int i = 0; i < starts.length; i++) {
          starts[i] = from + i;
        }
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          Batch batch = batch(Split.Part.VALIDATION, 0, starts);
          batch.draw(new Random(from));
          sum += batch.loss(TorchOps.inference(manager, weights)).getFloat() * starts.length;
        }
      }
      return sum / count;
    }

    private Batch batch(Split.Part part, int epoch, int[] chosen) {
      int length = config.seqLen() + architecture.trainingHorizon(config);
      int width = windows.channels();
      float[] values = new float[chosen.length * length * width];
      float[] marks = new float[chosen.length * length * features];
      float[] window = new float[length * width];
      float[] windowMarks = new float[length * features];
      for (int i = 0; i < chosen.length; i++) {
        windows.copy(part, epoch, chosen[i], window, windowMarks);
        System.arraycopy(window, 0, values, i * window.length, window.length);
        System.arraycopy(windowMarks, 0, marks, i * windowMarks.length, windowMarks.length);
      }
      return new Batch(
          manager.create(values, new Shape(chosen.length, length, width)),
          features == 0 ? null : manager.create(marks, new Shape(chosen.length, length, features)),
          chosen.length);
    }

    private int[] shuffled(Random random) {
      int[] order = new int[windows.count(Split.Part.TRAIN)];
      for (int i = 0; i < order.length; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      return order;
    }

    /** Windows side by side, {@code [window][context and what follows][...]}. */
    private final class Batch {
      private final int size;
      private final Map<Role, NDArray> drawn = new EnumMap<>(Role.class);
      private NDArray values;
      private @Nullable NDArray marks;

      Batch(NDArray values, @Nullable NDArray marks, int size) {
        this.values = values;
        this.marks = marks;
        this.size = size;
      }

      /** Moves every window a random part of the way to its neighbour in the shuffled batch. */
      void mix(Random random) {
        float[] shares = new float[size];
        long[] neighbours = new long[size];
        for (int i = 0; i < size; i++) {
          shares[i] = random.nextFloat();
          neighbours[i] = (i + 1L) % size;
        }
        values = mixed(values, shares, neighbours);
        marks = marks == null ? null : mixed(marks, shares, neighbours);
      }

      private NDArray mixed(NDArray x, float[] shares, long[] neighbours) {
        NDArray other = x.get(manager.create(neighbours));
        return x.add(other.sub(x).mul(manager.create(shares, new Shape(size, 1, 1))));
      }

      /** Draws what the network needs beside the data. */
      void draw(Random random) {
        architecture
            .draws(config, size, random)
            .forEach(
                (role, tensor) ->
                    drawn.put(role, manager.create(tensor.floats(), new Shape(tensor.shape()))));
      }

      NDArray loss(TorchOps ops) {
        Map<Role, NDArray> inputs = new EnumMap<>(drawn);
        for (Port port : architecture.inputs(config)) {
          NDArray input = input(port.role());
          if (input != null) {
            inputs.put(port.role(), input);
          }
        }
        int targets = architecture.targets(config);
        NDArray future =
            values.get(new NDIndex(":, {}:, {}:", config.seqLen(), config.encIn() - targets));
        Architecture.Comparison<NDArray> comparison =
            architecture.compare(ops, config, new Inputs<>(inputs), future);
        NDArray error = comparison.said().sub(comparison.wanted());
        return switch (settings.loss()) {
          case MSE -> error.square().mean();
          case MAE -> error.abs().mean();
        };
      }

      /** Cuts an input out of the windows; null for what is not data. */
      private @Nullable NDArray input(Role role) {
        int context = config.seqLen();
        int end = context + config.predLen();
        return switch (role) {
          case CONTEXT -> values.get(new NDIndex(":, :{}, :", context));
          case CONTEXT_TIME_FEATURES -> marks(new NDIndex(":, :{}, :", context));
          case FUTURE_TIME_FEATURES -> marks(new NDIndex(":, {}:{}, :", context, end));
          case FUTURE_COVARIATES ->
              values.get(
                  new NDIndex(
                      ":, {}:{}, :{}", context, end, architecture.futureCovariates(config)));
          default -> null;
        };
      }

      private NDArray marks(NDIndex index) {
        return requireNonNull(marks, "the network names its time features").get(index);
      }
    }
  }
}
