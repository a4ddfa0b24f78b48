package io.tidecast.cli.run;

/**
 * Something about a job that a person should know.
 *
 * @param topic what it is about; a later finding of the same topic takes its place
 * @param weight how many records, cells or windows it is about
 * @param blocking whether it is why there is no forecast at all
 * @param sentence that says what is the matter and what to look at
 */
record Finding(String topic, long weight, boolean blocking, String sentence) {}
