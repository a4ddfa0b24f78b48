package io.tidecast.architectures;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Holds the official names of an architecture's hyperparameters, so that no typo passes. */
public final class HyperparameterNames {

  /**
   * What official configurations say beside the hyperparameters of one network: which data, how it
   * is trained, on which machine, and the hyperparameters of other networks of the same script.
   */
  private static final Set<String> BESIDE =
      words(
          """
          model model_id model_type model_name name task_name is_training itr des comment seed random_seed
          data root_path data_path checkpoints features target cols freq inverse seasonal_patterns
          mask_rate anomaly_ratio embed_type embed timeenc detail_freq extra_tag

          batch batch_size train_epochs patience learning_rate lradj loss pct_start dropout fc_dropout attn_dropout
          num_workers use_amp use_gpu gpu gpu_type gpus use_multi_gpu devices device_ids output_attention
          do_predict test_flop augmentation_ratio jitter scaling permutation randompermutation magwarp
          timewarp windowslice windowwarp rotation spawner dtwwarp shapedtwwarp wdba discdtw discsdtw
          use_dtw

          enc_in dec_in c_out seq_len label_len pred_len d_model n_heads e_layers d_layers s_layers d_ff
          factor padding distil mix attn activation moving_avg patch_len stride padding_patch revin affine
          subtract_last decomposition kernel_size individual head_dropout use_norm expand d_conv top_k
          num_kernels channel_independence decomp_method down_sampling_layers down_sampling_window
          down_sampling_method seg_len p_hidden_dims p_hidden_layers node_dim gcn_depth gcn_dropout
          propalpha conv_channel skip_channel alpha top_p pos bucket_size n_hashes version mode_select
          modes cross_activation wavelet base L pe learn_pe head_type pretrain_head d_k d_v
          max_seq_len

          _name_or_path architectures auto_map dtype torch_dtype transformers_version initializer_range
          max_position_embeddings use_cache diffusion_batch_mul
          """);

  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();
  private static final int MOST_MISSPELT = 2;

  /** From each name and alias to the name. */
  private final Map<String, String> names = new LinkedHashMap<>();

  private final Set<String> untraced = new LinkedHashSet<>();
  private final Set<String> chosen = new LinkedHashSet<>();

  private HyperparameterNames() {}

  /** The names of an architecture. */
  public static HyperparameterNames of(Architecture<?> architecture) {
    HyperparameterNames names = new HyperparameterNames();
    for (RecordComponent component : architecture.configType().getRecordComponents()) {
      names.add(component);
    }
    return names;
  }

  private void add(RecordComponent component) {
    String name =
        PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName());
    names.put(name, name);
    JsonAlias aliases = component.getAccessor().getAnnotation(JsonAlias.class);
    if (aliases != null) {
      for (String alias : aliases.value()) {
        names.put(alias, name);
      }
    }
    LeavesNoTrace untold = component.getAnnotation(LeavesNoTrace.class);
    if (untold != null) {
      untraced.add(name);
      if (untold.chosen()) {
        chosen.add(name);
      }
    }
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+")).collect(Collectors.toUnmodifiableSet());
  }

  /** Tells whether that is a hyperparameter, by its name or an alias. */
  public boolean has(String name) {
    return names.containsKey(name);
  }

  /** Tells whether weights have the same names and shapes for other values of a hyperparameter. */
  boolean leavesNoTrace(String name) {
    return untraced.contains(name);
  }

  /** Tells whether weights do not tell it, and whoever trained a network has chosen it. */
  boolean isChosen(String name) {
    return chosen.contains(name);
  }

  /** The names that are given, aliases under their name. */
  Set<String> canonical(Collection<String> given) {
    return given.stream().map(name -> names.getOrDefault(name, name)).collect(Collectors.toSet());
  }

  /**
   * Requires that every name is one of a hyperparameter.
   *
   * @throws IllegalArgumentException naming all that are none, and what each may have meant
   */
  public void require(Collection<String> given) {
    require(given, names.keySet());
  }

  /**
   * Requires that every name is one that official configurations have.
   *
   * @throws IllegalArgumentException naming all that are none, and what each may have meant; or two
   *     names of one hyperparameter
   */
  void requireOfficial(Collection<String> given) {
    Set<String> official = new LinkedHashSet<>(names.keySet());
    official.addAll(BESIDE);
    require(given, official);
  }

  private void require(Collection<String> given, Set<String> known) {
    List<String> unknown = given.stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          unknown.stream()
              .map(name -> "unknown: %s; did you mean %s?".formatted(name, nearest(name, known)))
              .collect(Collectors.joining(" ")));
    }
    Map<String, String> seen = new LinkedHashMap<>();
    for (String name : given) {
      String other = names.containsKey(name) ? seen.put(names.get(name), name) : null;
      if (other != null) {
        throw new IllegalArgumentException(
            "must be given once: %s and %s are the same".formatted(other, name));
      }
    }
  }

  /** Finds a known name that a typo makes of it, else the hyperparameter that is most alike. */
  private String nearest(String name, Set<String> known) {
    String nearest = mostAlike(name, known);
    return DISTANCE.apply(name, nearest) <= MOST_MISSPELT
        ? nearest
        : mostAlike(name, names.keySet());
  }

  private static String mostAlike(String name, Set<String> known) {
    return known.stream()
        .min(
            Comparator.comparingInt((String other) -> DISTANCE.apply(name, other))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }
}
