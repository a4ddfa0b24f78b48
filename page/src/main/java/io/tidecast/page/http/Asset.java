package io.tidecast.page.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * A file that the page is made of, as the browser gets it.
 *
 * @param bytes of it; not copied
 * @param tag that changes with the bytes
 */
record Asset(String type, byte[] bytes, String tag) {

  private static final int TAG_BYTES = 8;
  private static final String UPLOT = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

  /** All files of the page by their paths. */
  static Map<String, Asset> all() {
    String uplot = "/META-INF/resources/webjars/uplot/" + uplotVersion() + "/dist/";
    String script = "text/javascript; charset=utf-8";
    String style = "text/css; charset=utf-8";
    Map<String, Asset> all = new LinkedHashMap<>();
    all.put("/", of("text/html; charset=utf-8", "/io/tidecast/page/index.html"));
    for (String name : new String[] {"page", "chart", "format"}) {
      all.put("/" + name + ".js", of(script, "/io/tidecast/page/" + name + ".js"));
    }
    all.put("/page.css", of(style, "/io/tidecast/page/page.css"));
    all.put("/icon.svg", of("image/svg+xml", "/io/tidecast/page/icon.svg"));
    all.put("/uplot.js", of(script, uplot + "uPlot.iife.min.js"));
    all.put("/uplot.css", of(style, uplot + "uPlot.min.css"));
    return all;
  }

  private static Asset of(String type, String resource) {
    byte[] bytes = read(resource);
    return new Asset(type, bytes, tag(bytes));
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
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
