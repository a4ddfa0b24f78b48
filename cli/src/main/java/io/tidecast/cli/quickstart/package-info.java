/**
 * The quickstart: it replays a series that ships with Tidecast and measures the forecasts that come
 * out.
 */
@NullMarked
package io.tidecast.cli.quickstart;

import org.jspecify.annotations.NullMarked;
