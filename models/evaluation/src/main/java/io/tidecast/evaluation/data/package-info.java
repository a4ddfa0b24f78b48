/** Reads series from files, divides their rows and scales their values. */
@NullMarked
package io.tidecast.evaluation.data;

import org.jspecify.annotations.NullMarked;
