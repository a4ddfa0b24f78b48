package io.tidecast.evaluation.folder;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Residuals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Puts residuals into the manifest of a model folder, and what they are onto its card. */
public final class ResidualSection {
  private static final String TITLE = "## First intervals\n";
  private static final double[] SHOWN = {.05, .2, .5, .8, .95};

  private ResidualSection() {}

  /**
   * Writes what was measured on a data set into the folder of a model, in the place of what was
   * there of the same data.
   *
   * @param measured of one data set
   * @throws IOException if the card can't be read or written
   */
  public static ModelManifest write(Path folder, List<Residuals> measured) throws IOException {
    ModelManifest manifest = ModelBundle.read(folder).manifest();
    List<String> anew = measured.stream().map(Residuals::data).toList();
    List<Residuals> all = new ArrayList<>(manifest.residuals());
    all.removeIf(one -> anew.contains(one.data()));
    all.addAll(measured);
    ModelManifest written = manifest.withResiduals(all);
    Path card = folder.resolve(ServedModel.CARD);
    if (Files.exists(card)) {
      Files.writeString(card, in(Files.readString(card), written));
    }
    written.write(folder.resolve(ModelManifest.FILE));
    return written;
  }

  /** The card with the section before its last one, in the place of the one that it has. */
  static String in(String card, ModelManifest manifest) {
    String without = card;
    int old = card.indexOf(TITLE);
    if (old >= 0) {
      int next = card.indexOf("\n## ", old);
      without = card.substring(0, old) + (next < 0 ? "" : card.substring(next + 1));
    }
    int last = without.lastIndexOf("\n## ");
    int at = last < 0 ? without.length() : last + 1;
    String section = section(manifest);
    return without.substring(0, at)
        + section
        + (section.isEmpty() ? "" : "\n")
        + without.substring(at);
  }

  /** What the manifest says of errors, Markdown; empty where it says nothing. */
  static String section(ModelManifest manifest) {
    if (manifest.residuals().isEmpty()) {
      return "";
    }
    StringBuilder text =
        new StringBuilder(TITLE)
            .append(
                """

                Calibrated intervals of a new series begin with these errors, what happened less what was forecast, at leads of which its
                own cells are too few to tell. They are in the unit that is named: its mean absolute error in the cells before the forecast.

                """)
            .append("| data | windows | unit | target | steps ahead | mean absolute |")
            .append(
                Arrays.stream(SHOWN)
                    .mapToObj(level -> String.format(Locale.ROOT, " %.0f %% |", 100 * level))
                    .collect(Collectors.joining()))
            .append("\n| --- | ---: | --- | --- | ---: | ---: |")
            .append(" ---: |".repeat(SHOWN.length))
            .append('\n');
    for (Residuals one : manifest.residuals()) {
      for (int target = 0; target < one.targets().size(); target++) {
        for (int lead = 0; lead < one.leads().size(); lead++) {
          text.append(row(one, manifest.channels().targets().get(target), target, lead));
        }
      }
    }
    return text.toString();
  }

  private static String row(Residuals one, String name, int target, int lead) {
    Residuals.Target errors = one.targets().get(target);
    StringBuilder row =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "| %s | %d | %s | %s | %d | %.3f |",
                one.data(),
                one.windows(),
                unit(one),
                name,
                one.leads().get(lead),
                errors.errors().get(lead)));
    for (double level : SHOWN) {
      int at = one.levels().indexOf(level);
      row.append(
          at < 0
              ? " |"
              : String.format(Locale.ROOT, " %.3f |", errors.quantiles().get(lead).get(at)));
    }
    return row.append('\n').toString();
  }

  private static String unit(Residuals one) {
    return one.seasons().isEmpty()
        ? "last value"
        : "best of last value and naives of "
            + one.seasons().stream()
                .map(season -> Duration.parse(season).toDays())
                .map(days -> days == 1 ? "a day" : days + " days")
                .collect(Collectors.joining(", "));
  }
}
