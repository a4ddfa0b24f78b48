/**
 * What every command needs at a terminal: files that it is given or writes, signals, and messages
 * for people.
 */
@NullMarked
package io.tidecast.cli.console;

import org.jspecify.annotations.NullMarked;
