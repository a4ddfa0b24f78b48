/**
 * Reads CSV files as they are found: in which dialect, encoding and packing, from any place, and
 * says how it read them.
 */
@NullMarked
package io.tidecast.runtime.csv;

import org.jspecify.annotations.NullMarked;
