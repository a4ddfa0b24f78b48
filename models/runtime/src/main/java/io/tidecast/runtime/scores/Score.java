package io.tidecast.runtime.scores;

/**
 * How good the forecasts of one model for one target have been lately, at some lead times.
 *
 * @param by whose forecasts
 * @param channel number of the channel of the target
 * @param firstLead the shortest of the lead times, in cells
 * @param lastLead the longest of them
 * @param cell the newest cell that was scored
 * @param window over the sliding window
 * @param weighted with weights that halve with every half-life
 * @param role of the newest forecast
 * @param weight of the newest forecast in what it was mixed into; NaN where it was mixed into none
 */
public record Score(
    Contestant by,
    int channel,
    int firstLead,
    int lastLead,
    long cell,
    Figures window,
    Figures weighted,
    String role,
    double weight) {}
