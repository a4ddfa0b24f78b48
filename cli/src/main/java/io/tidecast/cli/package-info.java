/**
 * The {@code tidecast} command: its subcommands under one name, and how it says what went wrong.
 */
@NullMarked
package io.tidecast.cli;

import org.jspecify.annotations.NullMarked;
