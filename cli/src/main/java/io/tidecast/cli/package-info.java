/**
 * The {@code tidecast} command: its subcommands under one name, and how it says what went wrong.
 */
package io.tidecast.cli;
