package io.tidecast.benchmarks.eager;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The networks that are measured: those of the zoo, with their weights, and the configurations that
 * the authors of the networks published for ETTh1, an hourly data set of seven channels.
 */
final class Networks {

  private static final List<String> ZOO =
      List.of(
          "patchtst-uk-demand",
          "timexer-uk-demand",
          "sundial-uk-demand",
          "informer-uk-demand",
          "autoformer-uk-demand");

  /** Beyond the defaults of each architecture, which are those of its authors. */
  private static final Map<String, Official> OFFICIAL = official();

  private Networks() {}

  private record Official(String architecture, String config) {}

  private static Map<String, Official> official() {
    Map<String, Official> official = new LinkedHashMap<>();
    // PatchTST/42: three layers of width 16 over 42 patches; the others look at four days.
    official.put("patchtst-etth1", new Official("patchtst", sizes(336)));
    // One layer of width 256, 2,048 between.
    official.put("timexer-etth1", new Official("timexer", sizes(96)));
    // Width 512, 2,048 between, two layers before and one after.
    official.put("informer-etth1", new Official("informer", sizes(96)));
    official.put("autoformer-etth1", new Official("autoformer", sizes(96)));
    return official;
  }

  private static String sizes(int context) {
    return "{\"enc_in\": 7, \"seq_len\": %d, \"pred_len\": 96}".formatted(context);
  }

  static List<String> names() {
    return Stream.concat(ZOO.stream(), OFFICIAL.keySet().stream()).toList();
  }

  /**
   * Loads or draws a network.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  static Network<?> named(String name) throws IOException {
    if (ZOO.contains(name)) {
      return Network.ofZoo(name);
    }
    Official official = OFFICIAL.get(name);
    if (official == null) {
      throw new IllegalArgumentException(
          "network must be one of %s: network=%s".formatted(String.join(", ", names()), name));
    }
    return Network.drawn(name, official.architecture(), official.config());
  }
}
