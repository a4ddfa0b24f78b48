package io.tidecast.benchmarks.online;

import java.util.List;
import java.util.Locale;

/** What the intervals of Tidecast cover by band of leads, Markdown. */
final class BandTable {

  private BandTable() {}

  static String text(List<MixedStream> streams) {
    StringBuilder text =
        new StringBuilder(
            """
            | steps ahead | 90 % covers | within 88–92 % | width | wider than 1.15 | 50 % covers | within 47–53 % | width |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            """);
    for (LeadBand band : LeadBand.of(streams.get(0).leads())) {
      text.append("| ").append(band.title()).append(" |");
      for (double coverage : new double[] {.9, .5}) {
        text.append(figures(streams, band, coverage));
      }
      text.append('\n');
    }
    return text.append('\n').toString();
  }

  private static String figures(List<MixedStream> streams, LeadBand band, double coverage) {
    double covered = 0;
    double widths = 0;
    int within = 0;
    int wide = 0;
    for (MixedStream stream : streams) {
      MixedStream.Held held = stream.held(band.from(), band.until(), coverage);
      covered += held.covered() / streams.size();
      widths += Math.log(held.width()) / streams.size();
      within += Math.abs(held.covered() - coverage) <= (coverage == .9 ? .02 : .03) ? 1 : 0;
      wide += held.width() > 1.15 ? 1 : 0;
    }
    String figures =
        String.format(
            Locale.ROOT,
            " %.1f %% | %d of %d | %.2f |",
            100 * covered,
            within,
            streams.size(),
            Math.exp(widths));
    return coverage == .9 ? figures + " " + wide + " |" : figures;
  }
}
