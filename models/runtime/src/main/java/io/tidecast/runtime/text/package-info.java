/** What people and programs write as text: numbers, and words where a number is missing. */
@NullMarked
package io.tidecast.runtime.text;

import org.jspecify.annotations.NullMarked;
