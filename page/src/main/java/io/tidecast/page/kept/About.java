package io.tidecast.page.kept;

import static java.util.Objects.requireNonNull;

/**
 * What a page says of the job that it is about.
 *
 * @param title names the job
 * @param zone id of the time zone of the series, which times can be shown in
 */
public record About(String title, String zone) {
  public About {
    requireNonNull(title, "title is null");
    requireNonNull(zone, "zone is null");
  }
}
