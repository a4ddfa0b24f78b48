package io.tidecast.page.kept;

/**
 * How much is kept for the page, whatever comes.
 *
 * @param series at most; of more, nothing is kept unless somebody asks for one by its name
 * @param cells of each target, the newest
 * @param fans of the forecasts that a series was given, the newest
 * @param bytes of everything, about
 */
public record KeptLimits(int series, int cells, int fans, long bytes) {

  /** What a page has that nobody has told otherwise. */
  public static final KeptLimits USUAL = new KeptLimits(1_000, 2_000, 24, 48L * 1024 * 1024);

  public KeptLimits {
    if (series < 1 || cells < 1 || fans < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "limits must be above 0: series=%d cells=%d fans=%d bytes=%d"
              .formatted(series, cells, fans, bytes));
    }
  }
}
