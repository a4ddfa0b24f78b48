package io.tidecast.architectures.networks;

import static io.tidecast.architectures.Checks.requirePositive;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.layers.TimeFeatures;

/**
 * Hyperparameters of {@link Linear} (snake case in JSON).
 *
 * @param encIn channels
 * @param seqLen context length in steps
 * @param predLen prediction length in steps
 * @param individual weights for each channel; else all channels share theirs
 * @param calendar look at the day of the week beside the context, or at the month
 * @param freq frequency of the steps: {@code h} for hourly and so on; {@code m} looks at the month,
 *     {@code w} at nothing
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LinearConfig(
    int encIn, int seqLen, int predLen, boolean individual, boolean calendar, String freq)
    implements ArchitectureConfig {

  /** Checks every range. */
  public LinearConfig {
    requirePositive("enc_in", encIn);
    requirePositive("seq_len", seqLen);
    requirePositive("pred_len", predLen);
    TimeFeatures.requireFrequency(freq);
  }

  /** How many weights the calendar has for a step ahead. */
  public int calendarTerms() {
    return calendar ? Linear.places(freq) : 0;
  }
}
