package io.tidecast.flink.mixture;

import io.tidecast.flink.hindsight.TargetChannels;
import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.calibration.ModelResiduals;
import io.tidecast.runtime.mixture.Naive;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows who signs the forecasts that come, and who signs what is made of them. One thread. */
final class Signatures {

  /** By which mixtures sign. */
  static final String MIXTURE = "mixture";

  /** Of the rule by which members are mixed. */
  static final String VERSION = "1";

  /** Models come and go; those of a job are few at any time. */
  private static final int MOST_KNOWN = 64;

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final MixtureSetup setup;
  private final List<Signed> known = new ArrayList<>();
  private @Nullable Signed last;

  Signatures(MixtureSetup setup) {
    this.setup = setup;
  }

  /**
   * Somebody whose forecasts come.
   *
   * @param issuer who it is
   * @param places {@code [target]}, the place of its channel among those that are kept; empty where
   *     one of them is not kept
   * @param speaker tells its version from others; never {@link MixedForecasts#NOBODY}
   * @param member number of the model that it is; 0 for a primary
   * @param mixed who signs the mixture whose primary it is
   * @param naives who signs for each naive member beside it
   * @param known {@code [target]}, what its manifest says of its errors; empty where nothing
   */
  record Signed(
      Issuer issuer,
      int[] places,
      long speaker,
      int member,
      Issuer mixed,
      Issuer[] naives,
      List<ModelResiduals> known) {

    /** Of the errors at a target; null where nothing is known. */
    @Nullable ModelResiduals known(int target) {
      return known.isEmpty() ? null : known.get(target);
    }
  }

  @SuppressWarnings("ReferenceEquality") // The usual case, and a cheap one.
  Signed of(Issuer issuer) {
    if (last != null && last.issuer == issuer) {
      return last;
    }
    for (Signed one : known) {
      if (one.issuer.isLike(issuer)) {
        last = one;
        return one;
      }
    }
    if (known.size() == MOST_KNOWN) {
      known.remove(0);
    }
    Signed made = sign(issuer);
    known.add(made);
    last = made;
    return made;
  }

  private Signed sign(Issuer issuer) {
    Issuer mixed =
        setup.mixes()
            ? by(MIXTURE, VERSION, issuer, setup.plan().levels())
            // What is calibrated alone stays that of its model, in its slot.
            : new Issuer(
                issuer.modelId(),
                issuer.modelVersion(),
                issuer.channels(),
                issuer.targets(),
                setup.plan().levels(),
                issuer.slot());
    Issuer[] naives =
        setup.plan().naives().stream()
            .map(naive -> by(naive.id(), version(naive), issuer, new double[0]))
            .toArray(Issuer[]::new);
    return new Signed(
        issuer,
        places(issuer),
        speaker(issuer),
        setup.slots().indexOf(issuer.slot()) + 1,
        mixed,
        naives,
        known(issuer));
  }

  private List<ModelResiduals> known(Issuer issuer) {
    return setup
        .plan()
        .known(setup.known().of(issuer), issuer.channels(), setup.hindsight().step().length());
  }

  private static Issuer by(String id, String version, Issuer targetsOf, double[] levels) {
    return new Issuer(id, version, targetsOf.channels(), targetsOf.targets(), levels);
  }

  /** As the baseline has it, the cells of its season. */
  private static String version(Naive naive) {
    return String.valueOf(naive.cells());
  }

  private int[] places(Issuer issuer) {
    TargetChannels all = setup.hindsight().targets();
    int[] channels = all.of(issuer);
    int[] places = new int[channels.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = Arrays.binarySearch(setup.channels(), channels[i]);
      if (places[i] < 0) {
        return new int[0];
      }
    }
    return places;
  }

  /** The same in every process, as it is kept. */
  private static long speaker(Issuer issuer) {
    long hash = FNV_OFFSET;
    for (byte next :
        (issuer.modelId() + "\n" + issuer.modelVersion()).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (next & 0xff)) * FNV_PRIME;
    }
    return hash == MixedForecasts.NOBODY ? 1 : hash;
  }
}
