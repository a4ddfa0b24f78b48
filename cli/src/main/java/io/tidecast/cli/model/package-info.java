/** The commands that bring a model from elsewhere, and how models are found, named and served. */
package io.tidecast.cli.model;
