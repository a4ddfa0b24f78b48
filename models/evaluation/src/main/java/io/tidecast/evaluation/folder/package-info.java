/** Makes model folders: from a network that was trained, or from an official checkpoint. */
@NullMarked
package io.tidecast.evaluation.folder;

import org.jspecify.annotations.NullMarked;
