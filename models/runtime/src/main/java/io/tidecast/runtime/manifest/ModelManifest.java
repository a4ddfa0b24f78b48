package io.tidecast.runtime.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.tidecast.graph.OutsideTensor;
import io.tidecast.runtime.grid.GridStep;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The machine contract of a model, {@code manifest.json} beside its {@code model.onnx}. Rollout,
 * covariates, features, patches, levels, weights, training, accuracy and residuals may be left out,
 * which means none, and so may left padding, which means false, and the precision, which means
 * {@code fp32}; everything else must be there.
 *
 * @param manifestVersion of this format, 1 or 2: in version 1, quantiles have no axis for several
 *     targets
 * @param architecture for instance {@code dlinear}
 * @param architectureConfig free-form; what the architecture was built with
 * @param contextLength cells of the past that a forecast uses
 * @param predictionLength cells that a forecast reaches ahead
 * @param rollout greatest horizon to which the model may be applied again to its own forecasts;
 *     null where it may not
 * @param step the time between two cells: an ISO-8601 duration, a part of the calendar as {@link
 *     GridStep.Unit} spells it, such as {@code P1M}, or {@code any}
 * @param futureCovariates the channels whose values are known ahead too, in the order of the last
 *     axis of the input of role {@code future_covariates}
 * @param timeFeatures of the inputs of roles {@code context_time_features} and {@code
 *     future_time_features}, in the order of their last axis
 * @param patches how the context is cut into patches; null where it is not
 * @param leftPadding whether NaN in the oldest cells of a channel's context says that the series is
 *     not that long, so that the model serves contexts of any length up to {@code contextLength}.
 *     It says what the model can do; from how many cells on a young series is forecast is the
 *     caller's decision
 * @param shiftEquivariant whether a constant that is added to every cell of a channel is added to
 *     the forecasts of that channel, and nothing else becomes of it; null where nobody has said so,
 *     which has it tried when the model is opened
 * @param inputs of the graph, in its order
 * @param outputs of the graph, in its order
 * @param quantileLevels of the output of role {@code quantiles}, ascending
 * @param opset of the graph; 0 where it uses none of the standard operators
 * @param precision in what the graph computes most; single precision where it is left out
 * @param sha256 of {@code model.onnx}, lower-case hexadecimal
 * @param weights the files beside {@code model.onnx} that hold weights of the graph; empty where it
 *     holds them all
 * @param training free-form; data, source, rows, seed and the command that trains the model again
 * @param accuracy free-form; one entry per measurement
 * @param residuals how far it was off, by which intervals of new series begin; one entry for each
 *     data set and unit
 * @param licence SPDX identifier
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelManifest(
    int manifestVersion,
    String id,
    String version,
    String architecture,
    Map<String, Object> architectureConfig,
    int contextLength,
    int predictionLength,
    @Nullable Integer rollout,
    String step,
    Channels channels,
    List<String> pastCovariates,
    List<String> futureCovariates,
    List<CalendarFeature> timeFeatures,
    @Nullable Patches patches,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) Boolean leftPadding,
    @Nullable Boolean shiftEquivariant,
    List<TensorSpec> inputs,
    List<TensorSpec> outputs,
    List<Double> quantileLevels,
    int opset,
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = Precision.Usual.class)
        Precision precision,
    String sha256,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<WeightsFile> weights,
    Map<String, Object> training,
    List<Map<String, Object>> accuracy,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Residuals> residuals,
    String licence)
    implements Serializable {

  /** The version of the format that is written; every one up to it is read. */
  public static final int VERSION = 2;

  /** The manifest has this name in a model's directory. */
  public static final String FILE = "manifest.json";

  /** A model with this step serves series of any step. */
  public static final String ANY_STEP = "any";

  /**
   * A value that only a person can give begins with this; no manifest with such a value is read.
   */
  public static final String TO_FILL = "FILL IN";

  /** A manifest of a thousand channels has some 50 KB. */
  private static final int MOST_BYTES = 4 << 20;

  /** A name of this form fits a folder, a header and a metric's label. */
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

  public ModelManifest {
    Checks.require(
        manifestVersion >= 1 && manifestVersion <= VERSION,
        "must be within 1.." + VERSION + ", the versions that this release reads",
        "manifestVersion",
        manifestVersion);
    Checks.require(isName(id), "must match " + NAME, "id", id);
    Checks.require(isName(version), "must match " + NAME, "version", version);
    Checks.notBlank("architecture", architecture);
    ManifestLimits.shortText("id", id);
    ManifestLimits.shortText("version", version);
    ManifestLimits.steps("contextLength", contextLength);
    ManifestLimits.steps("predictionLength", predictionLength);
    Checks.require(
        isStep(step),
        "must be a positive ISO-8601 duration, one of " + GridStep.Unit.names() + ", or any",
        "step",
        step);
    fixed(step).ifPresent(ManifestLimits::step);
    Checks.present("channels", channels);
    ManifestLimits.values("contextLength × channels", contextLength, channels.names().size());
    Checks.require(inputs != null && !inputs.isEmpty(), "must not be empty", "inputs", inputs);
    Checks.require(outputs != null && !outputs.isEmpty(), "must not be empty", "outputs", outputs);
    Checks.require(opset >= 0, "must not be negative", "opset", opset);
    requireSha256(sha256);
    Checks.notBlank("licence", licence);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    for (TensorSpec input : inputs) {
      Checks.require(
          input.role().isInput(), "must be a role of inputs", "role", input.role().key());
    }
    for (TensorSpec output : outputs) {
      Checks.require(
          !output.role().isInput(), "must be a role of outputs", "role", output.role().key());
    }
    weights = copy(weights);
    distinct("weights", weights.stream().map(WeightsFile::file).toList());
    architectureConfig = copy(architectureConfig);
    pastCovariates = copy(pastCovariates);
    futureCovariates = distinct("futureCovariates", copy(futureCovariates));
    timeFeatures = distinct("timeFeatures", copy(timeFeatures));
    for (String covariate : futureCovariates) {
      Checks.require(
          channels.names().contains(covariate) && !channels.targets().contains(covariate),
          "must be among the channels that are not targets",
          "futureCovariates",
          covariate);
    }
    if (inputs.stream().anyMatch(input -> input.role() == TensorRole.PATCHES)) {
      Checks.require(
          patches != null && patches.count(contextLength) > 0,
          "must cut a context of " + contextLength + " cells for the input of role patches",
          "patches",
          patches);
    }
    if (patches != null) {
      ManifestLimits.values(
          "patches × length × channels",
          Math.max(0, patches.count(contextLength)),
          patches.length(),
          channels.names().size());
    }
    leftPadding = leftPadding != null && leftPadding;
    precision = precision == null ? Precision.FP32 : precision;
    quantileLevels = QuantileLevels.checked(copy(quantileLevels));
    int horizon = rollout == null ? predictionLength : rollout;
    ManifestLimits.values(
        "horizon × targets × quantileLevels",
        horizon,
        channels.targets().size(),
        Math.max(1, quantileLevels.size()));
    if (rollout != null) {
      ManifestLimits.steps("rollout", rollout);
      Checks.require(
          rollout > predictionLength,
          "must be greater than the prediction length " + predictionLength,
          "rollout",
          rollout);
      Checks.require(
          Set.copyOf(channels.targets()).equals(Set.copyOf(channels.names()))
              && futureCovariates.isEmpty()
              && quantileLevels.isEmpty(),
          "must be left out unless every channel is forecast, as points, from nothing known ahead",
          "rollout",
          rollout);
    }
    training = copy(training);
    accuracy = copy(accuracy);
    residuals = copy(residuals);
    for (Residuals one : residuals) {
      Checks.require(
          one.targets().size() == channels.targets().size(),
          "must have an entry for each of " + channels.targets().size() + " targets",
          "residuals",
          one.targets().size());
    }
  }

  /** Returns the same with other inputs and outputs, as versions from 2 on have them. */
  public ModelManifest withTensors(List<TensorSpec> others, List<TensorSpec> otherOutputs) {
    return with(VERSION, others, otherOutputs, residuals);
  }

  /** Returns the same with other residuals. */
  public ModelManifest withResiduals(List<Residuals> others) {
    return with(manifestVersion, inputs, outputs, others);
  }

  private ModelManifest with(
      int its, List<TensorSpec> given, List<TensorSpec> answered, List<Residuals> measured) {
    return new ModelManifest(
        its,
        id,
        version,
        architecture,
        architectureConfig,
        contextLength,
        predictionLength,
        rollout,
        step,
        channels,
        pastCovariates,
        futureCovariates,
        timeFeatures,
        patches,
        leftPadding,
        shiftEquivariant,
        given,
        answered,
        quantileLevels,
        opset,
        precision,
        sha256,
        weights,
        training,
        accuracy,
        measured,
        licence);
  }

  /**
   * The channels of the series that the model was made for.
   *
   * @param mode whether channels know of each other
   * @param names in the order of the context's last axis
   * @param targets the names that are forecast, in the order of the point's last axis
   */
  public record Channels(Mode mode, List<String> names, List<String> targets)
      implements Serializable {

    public Channels {
      Checks.present("mode", mode);
      Checks.require(names != null && !names.isEmpty(), "must not be empty", "names", names);
      Checks.require(
          targets != null && !targets.isEmpty(), "must not be empty", "targets", targets);
      names = distinct("names", List.copyOf(names));
      targets = distinct("targets", List.copyOf(targets));
      names.forEach(channel -> ManifestLimits.shortText("names", channel));
      Checks.require(names.containsAll(targets), "must be among " + names, "targets", targets);
    }

    /** Says whether channels know of each other. */
    public enum Mode {
      /** Each channel is forecast from its own past. */
      @JsonProperty("independent")
      INDEPENDENT,
      /** Each channel is forecast from the past of all. */
      @JsonProperty("joint")
      JOINT
    }
  }

  /**
   * How the context is cut into patches: by the model, or for a model that has an input of role
   * {@code patches}.
   *
   * @param length cells of a patch
   * @param stride cells from one patch to the next
   * @param padding of a context before it is cut
   */
  public record Patches(int length, int stride, Padding padding) implements Serializable {

    public Patches {
      ManifestLimits.steps("length", length);
      ManifestLimits.steps("stride", stride);
      Checks.present("padding", padding);
    }

    /**
     * Patches of one channel of a context of that many cells; not positive where it is too short.
     */
    public int count(int contextLength) {
      return switch (padding) {
        case LEFT -> 1 - Math.floorDiv(-Math.max(0, contextLength - length), stride);
        case NONE -> Math.floorDiv(contextLength - length, stride) + 1;
        case END -> Math.floorDiv(contextLength - length, stride) + 2;
      };
    }

    /**
     * Returns the cell of the context that the first patch begins with; it is negative where that
     * is padding.
     */
    public int firstStart(int contextLength) {
      int covered = (count(contextLength) - 1) * stride + length;
      return padding == Padding.LEFT ? contextLength - covered : 0;
    }

    /** Says where the context is padded before it is cut. */
    public enum Padding {
      /**
       * The newest cell is repeated {@code stride} times; the first patch begins with the oldest.
       */
      @JsonProperty("end")
      END,
      /**
       * The context is padded before the oldest cell, so that the last patch ends with the newest.
       * The padding is the oldest cell repeated, or NaN where {@code leftPadding} says that the
       * oldest cells may be missing.
       */
      @JsonProperty("left")
      LEFT,
      /**
       * Nothing is padded: the first patch begins with the oldest cell, newest ones may be in no
       * patch.
       */
      @JsonProperty("none")
      NONE
    }
  }

  /**
   * One input or output of the graph.
   *
   * @param name in the graph
   * @param layout the axes by name and in their order, for instance {@code batch,time,channel};
   *     {@code 1} is one of size 1 that stands for nothing, {@code horizon*channel} are two in one,
   *     {@code time+horizon} are the newest cells of the context and then those ahead, {@code lag}
   *     is time with the newest cell first. Axes of size 1 may be left out; a scalar has none
   * @param type of the elements; others than {@code float32} are converted
   * @param shape one entry per axis; -1 where any size goes, and a first axis of another size is
   *     that of every batch
   * @param columns what stands along the axis of channels, covariates, features or columns, in its
   *     order; null for all that the manifest has
   * @param numbers how calendar features are counted; null for {@link CalendarNumbers#CENTRED}
   * @param levels of an output of role {@code quantiles}, in the order of its axis; null for those
   *     of the manifest
   * @param values of an input of role {@code constant}: one, or as many as it has without the
   *     batch; null for any other
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TensorSpec(
      String name,
      TensorRole role,
      String layout,
      String type,
      List<Long> shape,
      @Nullable List<String> columns,
      @Nullable CalendarNumbers numbers,
      @Nullable List<Double> levels,
      @Nullable List<Double> values)
      implements Serializable {

    /** The axis that begins in the context and ends with the horizon has this name. */
    public static final String TIME_AND_HORIZON = "time+horizon";

    public TensorSpec {
      Checks.notBlank("name", name);
      Checks.present("role", role);
      Checks.present("layout", layout);
      Checks.notBlank("type", type);
      Checks.present("shape", shape);
      shape = List.copyOf(shape);
      int axes = layout.isEmpty() ? 0 : layout.split(",", -1).length;
      Checks.require(
          shape.size() == axes, "must have an entry per axis of " + layout, "shape", shape);
      for (long dimension : shape) {
        Checks.require(dimension == -1 || dimension > 0, "must be positive or -1", "shape", shape);
      }
      ManifestLimits.shape(shape);
      Checks.require(
          role != TensorRole.NOISE || shape.lastIndexOf(-1L) <= 0,
          "must be fixed behind the batch",
          "shape",
          shape);
      Checks.require(
          (values != null) == (role == TensorRole.CONSTANT),
          "must be given for the role constant, and for no other",
          "values",
          values);
      columns = columns == null ? null : List.copyOf(columns);
      levels = levels == null ? null : List.copyOf(levels);
      values = values == null ? null : List.copyOf(values);
    }

    /** One that says no more than what every tensor must. */
    public TensorSpec(String name, TensorRole role, String layout, String type, List<Long> shape) {
      this(name, role, layout, type, shape, null, null, null, null);
    }

    /** Counts the values of one row; every axis behind the batch must be fixed. */
    private int rowSize() {
      long size = 1;
      for (long dimension : shape.subList(1, shape.size())) {
        size = Math.multiplyExact(size, dimension);
      }
      return Math.toIntExact(size);
    }

    private boolean needs(TensorRole wanted) {
      boolean reachesBack = layout.contains(TIME_AND_HORIZON);
      return switch (wanted) {
        case CONTEXT_TIME_FEATURES ->
            role == wanted || role == TensorRole.FUTURE_TIME_FEATURES && reachesBack;
        case FUTURE_TIME_FEATURES ->
            role == wanted
                || role == TensorRole.COLUMNS
                    && columns != null
                    && columns.stream().anyMatch(CalendarFeature::isNamed);
        default -> role == wanted;
      };
    }
  }

  /**
   * A file beside {@code model.onnx} that holds weights of the graph.
   *
   * @param file its name, without a folder
   * @param sha256 of the file, lower-case hexadecimal
   * @param bytes of the file
   */
  public record WeightsFile(String file, String sha256, long bytes) implements Serializable {

    public WeightsFile {
      Checks.require(
          file != null && OutsideTensor.isPlainName(file),
          "must be a name of a file without a folder",
          "file",
          file);
      requireSha256(sha256);
      Checks.positive("bytes", bytes);
    }
  }

  /**
   * Reads a manifest, refusing unknown keys.
   *
   * @throws ModelException naming the file, the key, what was expected and what was found
   */
  public static ModelManifest read(Path file) {
    return Json.read(file, MOST_BYTES, ModelManifest.class);
  }

  /**
   * Reads a manifest from JSON text, refusing unknown keys.
   *
   * @throws ModelException naming the key, what was expected and what was found
   */
  public static ModelManifest parse(String json) {
    return Json.parse(FILE, json, ModelManifest.class);
  }

  /** Lists the keys of a draft that are still {@link #TO_FILL}, such as {@code channels.mode}. */
  public static List<String> toFill(JsonNode draft) {
    return Json.unfilled(draft);
  }

  /** Returns indented JSON with the keys in the order of the components, ending in a line feed. */
  public String toJson() {
    return Json.text(this);
  }

  /** Writes {@link #toJson} to a file. */
  public void write(Path file) {
    Json.write(file, this);
  }

  /**
   * Returns the time between two cells; it is empty when any will do, or where it is not always the
   * same, as that of months.
   */
  public Optional<Duration> fixedStep() {
    return fixed(step);
  }

  /** Whether the model is made for cells of this step. */
  public boolean takes(GridStep cells) {
    return step.equals(ANY_STEP)
        || fixedStep()
            .map(length -> !cells.isUneven() && length.equals(cells.length()))
            .orElseGet(() -> GridStep.Unit.of(step).filter(one -> one == cells.unit()).isPresent());
  }

  private static Optional<Duration> fixed(String step) {
    GridStep.Unit unit = GridStep.Unit.of(step).orElse(null);
    if (step.equals(ANY_STEP) || unit != null && unit.isUneven()) {
      return Optional.empty();
    }
    return Optional.of(unit == null ? Duration.parse(step) : unit.usual());
  }

  /** What a forecaster over this model takes and gives. */
  public ForecasterSpec spec() {
    return new ForecasterSpec(
        id,
        version,
        contextLength,
        predictionLength,
        channels.names().size(),
        channels.targets().stream().map(channels.names()::indexOf).toList(),
        new ForecasterInputs(
            input(TensorRole.PATCHES).isPresent() ? patches : null,
            takesFutureCovariates() ? futureCovariates.size() : 0,
            timeFeatures(TensorRole.CONTEXT_TIME_FEATURES),
            timeFeatures(TensorRole.FUTURE_TIME_FEATURES),
            input(TensorRole.NOISE).map(TensorSpec::rowSize).orElse(0)),
        quantileLevels,
        leftPadding);
  }

  /** The greatest horizon that the model may be asked for. */
  public int longestHorizon() {
    return rollout == null ? predictionLength : rollout;
  }

  /**
   * Returns the same for forecasts of another horizon: a shorter one is cut, a longer one rolled
   * out.
   *
   * @throws IllegalArgumentException if it is not positive, or longer than the manifest allows
   */
  public ForecasterSpec spec(int horizon) {
    int longest = longestHorizon();
    Checks.require(
        horizon >= 1 && horizon <= longest,
        "must be within 1.." + longest + ", as far as " + id + "/" + version + " reaches",
        "horizon",
        horizon);
    ForecasterSpec own = spec();
    if (horizon <= predictionLength) {
      return own.withHorizon(horizon);
    }
    return own.withInputs(own.inputs().withWholeContexts()).withHorizon(horizon);
  }

  private List<CalendarFeature> timeFeatures(TensorRole role) {
    return inputs.stream().anyMatch(input -> input.needs(role)) ? timeFeatures : List.of();
  }

  private boolean takesFutureCovariates() {
    return inputs.stream()
        .anyMatch(
            input ->
                input.role() == TensorRole.FUTURE_COVARIATES
                    || input.role() == TensorRole.COLUMNS
                        && input.columns() != null
                        && input.columns().stream().anyMatch(futureCovariates::contains));
  }

  private Optional<TensorSpec> input(TensorRole role) {
    return inputs.stream().filter(input -> input.role() == role).findFirst();
  }

  private static void requireSha256(@Nullable String sha256) {
    Checks.require(
        sha256 != null && sha256.matches("[0-9a-f]{64}"),
        "must be 64 lower-case hexadecimal digits",
        "sha256",
        sha256);
  }

  private static boolean isName(@Nullable String name) {
    return name != null && name.matches(NAME);
  }

  private static boolean isStep(@Nullable String step) {
    if (step == null || step.equals(ANY_STEP) || GridStep.Unit.of(step).isPresent()) {
      return step != null;
    }
    try {
      Duration duration = Duration.parse(step);
      return !duration.isNegative() && !duration.isZero();
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static <T> List<T> distinct(String key, List<T> list) {
    Checks.require(Set.copyOf(list).size() == list.size(), "must be distinct", key, list);
    return list;
  }

  private static <T> List<T> copy(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /** Keeps the order of the keys, so that what is written reads as it was composed. */
  private static Map<String, Object> copy(@Nullable Map<String, Object> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
