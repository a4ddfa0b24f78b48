package io.tidecast.flink.record;

/**
 * A forecast on its way to Kafka.
 *
 * @param originMillis time of the last context cell
 * @param issuedAtMillis wall clock when it was made
 * @param issuer the model that made it, or the baseline for a fallback; shared, not copied
 * @param points {@code [horizon][target]} row-major, units of the series; of all steps that the
 *     model gives
 * @param quantiles {@code [horizon][target][level]} row-major, units of the series; empty without
 *     levels
 * @param filledCells missing values that were filled before the model saw the context
 * @param fallback whether the baseline answered in place of the model
 * @param revision 0 for the first from this origin, then counting those from a repaired context
 * @param horizon how many of the steps are wanted; those after are not written
 */
public record IssuedForecast(
    String series,
    long originMillis,
    long issuedAtMillis,
    Issuer issuer,
    float[] points,
    float[] quantiles,
    int filledCells,
    boolean fallback,
    int revision,
    int horizon) {}
