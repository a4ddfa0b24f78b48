/**
 * What every command needs at a terminal: files that it is given or writes, signals, and messages
 * for people.
 */
package io.tidecast.cli.console;
