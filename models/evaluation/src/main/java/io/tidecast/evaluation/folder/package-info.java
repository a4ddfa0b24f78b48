/** Makes model folders: from a network that was trained, or from an official checkpoint. */
package io.tidecast.evaluation.folder;
