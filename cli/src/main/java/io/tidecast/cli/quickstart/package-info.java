/**
 * The quickstart: it replays a series that ships with Tidecast and measures the forecasts that come
 * out.
 */
package io.tidecast.cli.quickstart;
