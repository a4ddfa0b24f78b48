/** Steps and cells: how times fall onto a regular grid, be it fixed or of a calendar. */
@NullMarked
package io.tidecast.runtime.grid;

import org.jspecify.annotations.NullMarked;
