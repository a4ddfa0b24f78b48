package io.tidecast.runtime.scores;

/** A cell of which nothing can change any more, as the forecasts of it are held against it. */
final class SettledCell {

  private final int channels;

  /** {@code [lead]}, how many cells the seasonal naive looks back. */
  private final int[] reaches;

  /** {@code [channel]}; NaN is missing. */
  private final double[] actual;

  /** {@code [lead][channel]}, what the seasonal naive said of it; NaN for nothing. */
  private final double[] naive;

  /**
   * {@code [channel]}, the mean absolute error of the seasonal naive one season ahead over the
   * window.
   */
  final double[] units;

  private long number;

  SettledCell(ScoreSettings settings) {
    this.channels = settings.channels();
    this.reaches = settings.leads().stream().mapToInt(settings::naiveReach).toArray();
    this.actual = new double[channels];
    this.naive = new double[reaches.length * channels];
    this.units = new double[channels];
  }

  /** Is this cell from now on; its units are still those of the one before. */
  void turnTo(long cell, KnownCells known) {
    number = cell;
    for (int channel = 0; channel < channels; channel++) {
      actual[channel] = known.value(cell, channel);
      for (int lead = 0; lead < reaches.length; lead++) {
        boolean sameAsBefore = lead > 0 && reaches[lead] == reaches[lead - 1];
        naive[lead * channels + channel] =
            sameAsBefore
                ? naive[(lead - 1) * channels + channel]
                : known.value(cell - reaches[lead], channel);
      }
    }
  }

  long number() {
    return number;
  }

  double actual(int channel) {
    return actual[channel];
  }

  double naive(int lead, int channel) {
    return naive[lead * channels + channel];
  }
}
