package io.tidecast.page.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisitorsTest {

  private final Visitors loopback = new Visitors(InetAddress.getLoopbackAddress());

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "127.0.0.1"})
  void shouldAnswerToTheLoopbacksNames(String host) {
    assertThat(loopback.refusal(headers("Host", host), false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example:8080",
        "localhost.evil.example:8080",
        "127.0.0.1.evil.example",
        "192.168.1.4:8080",
        "evil.example:8080:127.0.0.1",
        ""
      })
  void shouldNotAnswerToOtherNames(String host) {
    assertThat(loopback.refusal(headers("Host", host), true)).isPresent();
  }

  @Test
  void shouldNotAnswerWithoutAName() {
    assertThat(loopback.refusal(new Headers(), true)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://evil.example", "http://127.0.0.1:9999", "https://127.0.0.1:8080", "null"})
  void shouldNotAnswerToOtherOrigins(String origin) {
    assertThat(loopback.refusal(headers("Host", "127.0.0.1:8080", "Origin", origin), true))
        .isPresent();
  }

  @Test
  void shouldAnswerToItsOwnOrigin() {
    assertThat(
            loopback.refusal(
                headers("Host", "127.0.0.1:8080", "Origin", "http://127.0.0.1:8080"), false))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "anything"})
  void shouldNotLetPagesOfOtherSitesFetch(String site) {
    Headers fetch =
        headers(
            "Host", "127.0.0.1:8080",
            "Sec-Fetch-Site", site,
            "Sec-Fetch-Mode", "no-cors",
            "Sec-Fetch-Dest", "script");

    assertThat(loopback.refusal(fetch, false)).isPresent();
    assertThat(loopback.refusal(fetch, true)).isPresent();
  }

  @Test
  void shouldLetALinkLeadToTheDocumentAlone() {
    Headers link =
        headers(
            "Host", "127.0.0.1:8080",
            "Sec-Fetch-Site", "cross-site",
            "Sec-Fetch-Mode", "navigate",
            "Sec-Fetch-Dest", "document");

    assertThat(loopback.refusal(link, true)).isEmpty();
    assertThat(loopback.refusal(link, false)).isPresent();
  }

  @Test
  void shouldNotBeFramedByOtherSites() {
    Headers frame =
        headers(
            "Host", "127.0.0.1:8080",
            "Sec-Fetch-Site", "cross-site",
            "Sec-Fetch-Mode", "navigate",
            "Sec-Fetch-Dest", "iframe");

    assertThat(loopback.refusal(frame, true)).isPresent();
  }

  @Test
  void shouldAnswerToAddressesWhereItListensOnOthers() throws UnknownHostException {
    Visitors everywhere = new Visitors(InetAddress.getByAddress(new byte[4]));

    assertThat(everywhere.refusal(headers("Host", "192.168.1.4:8080"), false)).isEmpty();
    assertThat(everywhere.refusal(headers("Host", "[fd00::4]:8080"), false)).isEmpty();
    // A name can be rebound, whatever it is.
    assertThat(everywhere.refusal(headers("Host", "evil.example:8080"), false)).isPresent();
  }

  private static Headers headers(String... namesAndValues) {
    Headers headers = new Headers();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.set(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }
}
