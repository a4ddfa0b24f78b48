/** The commands that bring a model from elsewhere, and how models are found, named and served. */
@NullMarked
package io.tidecast.cli.model;

import org.jspecify.annotations.NullMarked;
