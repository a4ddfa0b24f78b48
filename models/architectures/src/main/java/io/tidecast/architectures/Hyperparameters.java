package io.tidecast.architectures;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The hyperparameters of a network, and which of them nobody gave.
 *
 * @param config every value
 * @param defaults those that were not given and have the defaults of the architecture, each as
 *     {@code name=value}
 * @param untracedDefaults those of them that names and shapes of weights do not tell, see {@link
 *     LeavesNoTrace}
 * @param chosenDefaults those of them again that official scripts let people choose, by name
 */
public record Hyperparameters<C extends ArchitectureConfig>(
    C config, List<String> defaults, List<String> untracedDefaults, List<String> chosenDefaults) {

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          // Names have been held against those there are.
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
          .configure(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES, true)
          .configure(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, true)
          .configure(DeserializationFeature.ACCEPT_FLOAT_AS_INT, false);

  /** Copies the lists. */
  public Hyperparameters {
    defaults = List.copyOf(defaults);
    untracedDefaults = List.copyOf(untracedDefaults);
    chosenDefaults = List.copyOf(chosenDefaults);
  }

  /**
   * Reads JSON with the official names, over {@link Architecture#defaults()}. What official
   * configurations say of data and training is passed over.
   *
   * @throws IllegalArgumentException if a name is unknown, or a value missing or out of range
   */
  public static <C extends ArchitectureConfig> Hyperparameters<C> read(
      Architecture<C> architecture, ObjectNode json) {
    try {
      return over((ObjectNode) MAPPER.readTree(architecture.defaults()), architecture, json);
    } catch (InvalidFormatException e) {
      String name = e.getPath().get(e.getPath().size() - 1).getFieldName();
      throw refusal(architecture, name + " can't be " + e.getValue(), e);
    } catch (JsonProcessingException e) {
      Throwable cause = e.getCause() instanceof IllegalArgumentException range ? range : e;
      String why = requireNonNullElse(cause.getMessage(), "").lines().findFirst().orElse("");
      throw refusal(architecture, why, e);
    }
  }

  private static <C extends ArchitectureConfig> Hyperparameters<C> over(
      ObjectNode defaults, Architecture<C> architecture, ObjectNode json)
      throws JsonProcessingException {
    List<String> given = new ArrayList<>();
    json.fieldNames().forEachRemaining(given::add);
    HyperparameterNames names = HyperparameterNames.of(architecture);
    try {
      names.requireOfficial(given);
    } catch (IllegalArgumentException e) {
      throw refusal(architecture, requireNonNullElse(e.getMessage(), ""), e);
    }
    Set<String> told = names.canonical(given);
    List<Map.Entry<String, JsonNode>> left =
        defaults.deepCopy().properties().stream()
            .filter(entry -> !told.contains(entry.getKey()))
            .toList();
    C config = MAPPER.treeToValue(defaults.setAll(json), architecture.configType());
    return new Hyperparameters<>(
        config,
        left.stream().map(Hyperparameters::text).toList(),
        left.stream()
            .filter(entry -> names.leavesNoTrace(entry.getKey()))
            .map(Hyperparameters::text)
            .toList(),
        left.stream()
            .filter(entry -> names.isChosen(entry.getKey()))
            .map(Hyperparameters::text)
            .toList());
  }

  private static String text(Map.Entry<String, JsonNode> entry) {
    JsonNode value = entry.getValue();
    return entry.getKey() + "=" + (value.isTextual() ? value.textValue() : value.toString());
  }

  private static IllegalArgumentException refusal(
      Architecture<?> architecture, String why, Exception cause) {
    return new IllegalArgumentException(architecture.name() + " hyperparameters: " + why, cause);
  }
}
