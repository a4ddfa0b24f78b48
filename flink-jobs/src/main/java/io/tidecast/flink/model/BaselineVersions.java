package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Forecaster;
import org.jspecify.annotations.Nullable;

/**
 * Reads versions as another does, and one more that has no folder: the seasonal naive, which can
 * take the place of a model that is worse. Any thread; it keeps nothing.
 *
 * @param model of the slot, whose horizon and channels the seasonal naive has
 * @param seasonCells that it looks back
 * @param others reads what is at any other place
 */
public record BaselineVersions(ForecasterFactory model, int seasonCells, VersionReader others)
    implements VersionReader {

  /** The place of the seasonal naive, wherever a job runs. */
  public static final String SEASONAL_NAIVE = "baseline:seasonal-naive";

  public BaselineVersions {
    requireNonNull(model, "model is null");
    requireNonNull(others, "others is null");
  }

  @Override
  public Read read(String place, @Nullable String sha256) {
    if (!place.equals(SEASONAL_NAIVE)) {
      return others.read(place, sha256);
    }
    if (sha256 != null) {
      throw new VersionRefusedException(
          LoadStage.CHECK,
          "must be left out with path=%s, which has no file: sha256=%s; send the command again without it"
              .formatted(place, sha256),
          null);
    }
    return new Read(new Baseline(model, seasonCells), null);
  }

  /** The seasonal naive in the form of a model. */
  private record Baseline(ForecasterFactory model, int seasonCells) implements ForecasterFactory {

    @Override
    public ForecasterSpec spec() {
      try (Forecaster naive = open()) {
        return naive.spec();
      }
    }

    @Override
    public ModelChannels channels() {
      return model.channels();
    }

    @Override
    public Forecaster open() {
      return new SeasonalNaive(model.spec(), seasonCells);
    }
  }
}
