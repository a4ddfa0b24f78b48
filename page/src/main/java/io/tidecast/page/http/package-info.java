/** Serves the page and its stream of changes over HTTP, to its own origin alone. */
@NullMarked
package io.tidecast.page.http;

import org.jspecify.annotations.NullMarked;
