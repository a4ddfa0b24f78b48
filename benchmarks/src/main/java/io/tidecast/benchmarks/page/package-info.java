/** How long the page takes to open. */
@NullMarked
package io.tidecast.benchmarks.page;

import org.jspecify.annotations.NullMarked;
