/** Reads series from files, divides their rows and scales their values. */
package io.tidecast.evaluation.data;
