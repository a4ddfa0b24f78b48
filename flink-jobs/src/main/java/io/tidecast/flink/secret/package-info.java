/**
 * References in the text of a job file, and what they stand for: secrets that are kept elsewhere.
 */
@NullMarked
package io.tidecast.flink.secret;

import org.jspecify.annotations.NullMarked;
