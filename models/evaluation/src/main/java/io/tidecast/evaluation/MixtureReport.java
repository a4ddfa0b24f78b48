package io.tidecast.evaluation;

import io.tidecast.runtime.measures.Leads;
import java.util.List;
import java.util.Locale;

/**
 * What a mixture reached on the rows of one part.
 *
 * @param accuracy of its points, and of its calibrated quantiles
 * @param members names of those mixed
 * @param weights {@code [member]}, what each weighs after the last row, mean over series and leads;
 *     not copied
 * @param leads whose steps {@code held50} and {@code held90} are about
 * @param held50 {@code [lead]}, which share of what happened lay within the 50 % interval; not
 *     copied
 * @param held90 {@code [lead]}, the same of the 90 % interval
 * @param warmUp number of windows that it learned from before the first that counts
 */
@SuppressWarnings("ArrayRecordComponent")
public record MixtureReport(
    Accuracy accuracy,
    List<String> members,
    double[] weights,
    Leads leads,
    double[] held50,
    double[] held90,
    int warmUp) {

  /** Says what was mixed and what the intervals held, as Markdown that reads as plain text too. */
  public String toText() {
    StringBuilder text = new StringBuilder("The mixture");
    for (int k = 0; k < members.size(); k++) {
      text.append(
          String.format(Locale.ROOT, "%s %s %.2f", k == 0 ? ":" : ",", members.get(k), weights[k]));
    }
    text.append(
        "%n(weights after the last row), from %d windows before the first that counts on.%n%n"
            .formatted(warmUp));
    text.append("| steps ahead | 50 % interval held | 90 % interval held |\n");
    text.append("|-------------|-------------------:|-------------------:|\n");
    for (int lead = 0; lead < leads.count(); lead++) {
      int from = lead == 0 ? 1 : leads.step(lead - 1) + 1;
      String steps = from == leads.step(lead) ? "" + from : from + " to " + leads.step(lead);
      text.append(
          String.format(
              Locale.ROOT,
              "| %-11s | %16.1f %% | %16.1f %% |%n",
              steps,
              100 * held50[lead],
              100 * held90[lead]));
    }
    return text.toString();
  }
}
