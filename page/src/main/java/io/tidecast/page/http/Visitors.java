package io.tidecast.page.http;

import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells the page's own requests from those that pages of other origins make of a browser. An
 * immutable value.
 *
 * <p>A name other than the loopback's in {@code Host} is how a foreign page reaches a local server
 * (DNS rebinding); {@code Origin} and {@code Sec-Fetch-Site} say which page asks.
 */
final class Visitors {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** An address cannot be rebound, a name can. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.]+(%[^]]+)?]");

  private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

  private final boolean isLoopback;

  /**
   * @param address that the server listens on
   */
  Visitors(InetAddress address) {
    this.isLoopback = address.isLoopbackAddress();
  }

  /**
   * Says why a request is refused; empty where it is not.
   *
   * @param entrance whether it is for the document, to which a link may lead from anywhere
   */
  Optional<String> refusal(Headers headers, boolean entrance) {
    String host = headers.getFirst("Host");
    if (host == null || !isOurs(host)) {
      return Optional.of(
          isLoopback
              ? "The page must be asked for as 127.0.0.1 or localhost."
              : "The page must be asked for by the address of this machine, or as localhost.");
    }
    String origin = headers.getFirst("Origin");
    if (origin != null && !origin.toLowerCase(Locale.ROOT).equals("http://" + lower(host))) {
      return Optional.of("Pages of other origins may not read this one.");
    }
    String site = headers.getFirst("Sec-Fetch-Site");
    boolean same = site == null || site.equals("same-origin") || site.equals("none");
    if (!same && !(entrance && isNavigation(headers))) {
      return Optional.of("Pages of other origins may not read this one.");
    }
    return Optional.empty();
  }

  private boolean isOurs(String host) {
    String name = PORT.matcher(lower(host)).replaceFirst("");
    return LOOPBACK.contains(name) || (!isLoopback && ADDRESS.matcher(name).matches());
  }

  /** Whether somebody follows a link, and no other page shows this one within itself. */
  private static boolean isNavigation(Headers headers) {
    return is("navigate", headers.getFirst("Sec-Fetch-Mode"))
        && is("document", headers.getFirst("Sec-Fetch-Dest"));
  }

  private static boolean is(String expected, @Nullable String found) {
    return expected.equals(found);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
