package io.tidecast.benchmarks.online;

import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.scores.ScoreSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps ahead that are looked at together: as many bands as the scores of a job have, of as many
 * leads each.
 *
 * @param from first step
 * @param until last step
 */
record LeadBand(int from, int until) {

  static List<LeadBand> of(Leads leads) {
    int bands = Math.min(ScoreSettings.MOST_BANDS, leads.count());
    List<LeadBand> all = new ArrayList<>();
    int from = 1;
    for (int lead = 0; lead < leads.count(); lead++) {
      boolean ends =
          lead + 1 == leads.count()
              || (lead + 1) * bands / leads.count() > lead * bands / leads.count();
      if (ends) {
        all.add(new LeadBand(from, leads.step(lead)));
        from = leads.step(lead) + 1;
      }
    }
    return all;
  }

  String title() {
    return from == until ? "" + from : from + "–" + until;
  }
}
