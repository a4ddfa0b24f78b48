package io.tidecast.architectures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads configurations of Hugging Face transformers for networks that are official ones under other
 * names, and says of the others what they are.
 *
 * @see <a href="https://huggingface.co/docs/transformers/model_doc/patchtst">PatchTST there</a>
 */
public final class HuggingFace {

  private static final String MODEL_TYPE = "model_type";
  private static final String PATCH_TST = "patchtst";

  /** What tensors are called officially, in the order in which it is replaced. */
  private static final Map<String, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put("model.encoder.embedder.input_embedding.", "model.backbone.W_P.");
    NAMES.put("model.encoder.positional_encoder.position_enc", "model.backbone.W_pos");
    NAMES.put("model.encoder.layers.", "model.backbone.encoder.layers.");
    NAMES.put("head.projections.", "model.head.linears.");
    NAMES.put("head.projection.", "model.head.linear.");
    NAMES.put(".q_proj.", ".W_Q.");
    NAMES.put(".k_proj.", ".W_K.");
    NAMES.put(".v_proj.", ".W_V.");
    NAMES.put(".out_proj.", ".to_out.0.");
    NAMES.put(".norm_sublayer1.batchnorm.", ".norm_attn.1.");
    NAMES.put(".norm_sublayer3.batchnorm.", ".norm_ffn.1.");
    NAMES.put(".norm_sublayer1.", ".norm_attn.");
    NAMES.put(".norm_sublayer3.", ".norm_ffn.");
  }

  private HuggingFace() {}

  /**
   * Reads a configuration as transformers writes it.
   *
   * @param config any configuration
   * @return the official hyperparameters; empty if it is no such configuration
   * @throws IllegalArgumentException if it is one of a network whose mathematics are others, with
   *     everything that differs
   */
  public static Optional<ObjectNode> hyperparameters(ObjectNode config) {
    String type = config.path(MODEL_TYPE).asText();
    boolean isOne = config.has("transformers_version") || config.has("architectures");
    if (!isOne || !config.path(MODEL_TYPE).isTextual()) {
      return Optional.empty();
    }
    return switch (type) {
      case PATCH_TST -> Optional.of(patchTst(config));
      case "informer", "autoformer", "time_series_transformer" ->
          throw new IllegalArgumentException(
              "%s of transformers is not the official network: it takes lags and static features and ends in a distribution, from which it draws step by step; export it to ONNX with torch.onnx.export and see ./tidecast model inspect"
                  .formatted(type));
      default -> Optional.empty();
    };
  }

  private static ObjectNode patchTst(ObjectNode config) {
    List<String> others = new ArrayList<>();
    int context = config.path("context_length").asInt(32);
    int patch = config.path("patch_length").asInt(1);
    int stride = config.path("patch_stride").asInt(1);
    same(config, others, "pre_norm", true, false);
    same(config, others, "share_embedding", true, true);
    same(config, others, "channel_attention", false, false);
    same(config, others, "use_cls_token", false, false);
    same(config, others, "bias", true, true);
    if (!config.path("pooling_type").isNull()) {
      others.add("pooling_type=" + config.path("pooling_type").asText("mean") + ", official null");
    }
    if (!config.path("loss").asText("mse").equals("mse")) {
      others.add("loss=" + config.path("loss").asText() + ", official mse");
    }
    if ((context - patch) % stride != 0) {
      others.add(
          "patches end with the newest cell and leave %d oldest out, officially they begin with the oldest"
              .formatted((context - patch) % stride));
    }
    JsonNode scaling = config.path("scaling");
    boolean isStd = scaling.isMissingNode() || scaling.asText().equals("std");
    if (!isStd && !scaling.isNull()) {
      others.add("scaling=" + scaling.asText() + ", official std or null");
    }
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "patchtst of transformers is another network than the official one with: %s; export it to ONNX with torch.onnx.export and see ./tidecast model inspect"
              .formatted(String.join("; ", others)));
    }
    ObjectNode official = new ObjectMapper().createObjectNode();
    official.put("enc_in", config.path("num_input_channels").asInt(1));
    official.put("seq_len", context);
    official.put("pred_len", config.path("prediction_length").asInt(24));
    official.put("e_layers", config.path("num_hidden_layers").asInt(3));
    official.put("n_heads", config.path("num_attention_heads").asInt(4));
    official.put("d_model", config.path("d_model").asInt(128));
    official.put("d_ff", config.path("ffn_dim").asInt(512));
    official.put("patch_len", patch);
    official.put("stride", stride);
    official.put("padding_patch", "none");
    official.put("individual", !config.path("share_projection").asBoolean(true));
    official.put("revin", isStd);
    official.put("affine", false);
    official.put("subtract_last", false);
    official.put("decomposition", false);
    official.put("kernel_size", 1);
    official.put(
        "norm",
        config.path("norm_type").asText("batchnorm").equals("batchnorm")
            ? "BatchNorm"
            : "LayerNorm");
    official.put("act", config.path("activation_function").asText("gelu"));
    official.put("res_attention", false);
    official.put("pre_norm", false);
    return official;
  }

  private static void same(
      ObjectNode config, List<String> others, String name, boolean usual, boolean official) {
    boolean found = config.path(name).asBoolean(usual);
    if (found != official) {
      others.add("%s=%s, official %s".formatted(name, found, official));
    }
  }

  /** The tensors under their official names. */
  public static Map<String, Tensor> official(Map<String, Tensor> checkpoint) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    checkpoint.forEach(
        (name, tensor) -> {
          String official = name;
          for (Map.Entry<String, String> replaced : NAMES.entrySet()) {
            official = official.replace(replaced.getKey(), replaced.getValue());
          }
          named.put(official, tensor);
        });
    return named;
  }
}
