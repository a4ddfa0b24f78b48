package io.tidecast.page.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Properties;

/**
 * A file that the page is made of and that a browser asks for by itself.
 *
 * @param bytes of it; not copied
 * @param tag that changes with the bytes
 */
record Asset(String type, byte[] bytes, String tag) {

  private static final int TAG_BYTES = 8;
  private static final String OWN = "/io/tidecast/page/";
  private static final String UPLOT = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

  /** The picture of the page. */
  static Asset icon() {
    byte[] bytes = read(OWN + "icon.svg");
    return new Asset("image/svg+xml", bytes, tag(bytes));
  }

  /**
   * A file that stands within the document.
   *
   * @param name of it; those of uPlot come from its jar
   */
  static String text(String name) {
    String resource =
        switch (name) {
          case "uplot.js" -> uplot() + "uPlot.iife.min.js";
          case "uplot.css" -> uplot() + "uPlot.min.css";
          default -> OWN + name;
        };
    return new String(read(resource), StandardCharsets.UTF_8);
  }

  private static String tag(byte[] bytes) {
    return '"' + HexFormat.of().formatHex(sha256().digest(bytes), 0, TAG_BYTES) + '"';
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String uplot() {
    return "/META-INF/resources/webjars/uplot/" + uplotVersion() + "/dist/";
  }

  private static String uplotVersion() {
    Properties properties = new Properties();
    try (InputStream in = open(UPLOT)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static byte[] read(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = Asset.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("the page's jar or that of uPlot lacks " + resource);
    }
    return in;
  }
}
