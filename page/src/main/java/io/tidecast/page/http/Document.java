package io.tidecast.page.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The document, with its styles and scripts within it and with what the page shows first. A browser
 * asks once and can draw; asking for each file and then for the data took it as long as everything
 * else. Immutable.
 */
final class Document {

  /** What names a file that is to stand within the document. */
  private static final Pattern FILE =
      Pattern.compile(
          "<link rel=\"stylesheet\" href=\"([^\"]+)\">|<script src=\"([^\"]+)\"></script>");

  /** Where the data goes, and before it the mark up to which it tells. */
  private static final String MARK = "id=\"first\" data-mark=\"";

  private static final String DATA = "\">";

  private final byte[] beforeMark;
  private final byte[] afterData;
  private final String policy;

  private Document(String beforeMark, String afterData, String policy) {
    this.beforeMark = beforeMark.getBytes(StandardCharsets.UTF_8);
    this.afterData = afterData.getBytes(StandardCharsets.UTF_8);
    this.policy = policy;
  }

  /** Puts it together. */
  static Document read() {
    Matcher file = FILE.matcher(Asset.text("index.html"));
    StringBuilder html = new StringBuilder();
    List<String> styles = new ArrayList<>();
    List<String> scripts = new ArrayList<>();
    while (file.find()) {
      boolean isStyle = file.group(1) != null;
      String name = isStyle ? file.group(1) : file.group(2);
      String text = Asset.text(name);
      String element = isStyle ? "style" : "script";
      if (text.contains("</" + element)) {
        throw new IllegalStateException(name + " would end the element that it stands in");
      }
      (isStyle ? styles : scripts).add(hash(text));
      file.appendReplacement(
          html, Matcher.quoteReplacement("<%1$s>%2$s</%1$s>".formatted(element, text)));
    }
    file.appendTail(html);
    int mark = html.indexOf(MARK);
    if (mark < 0 || styles.isEmpty() || scripts.isEmpty()) {
      throw new IllegalStateException("index.html lacks styles, scripts or " + MARK);
    }
    int begin = mark + MARK.length();
    return new Document(
        html.substring(0, begin),
        html.substring(begin + DATA.length()),
        policy(String.join(" ", scripts), String.join(" ", styles)));
  }

  /**
   * Its own scripts and styles and connections of its origin alone; nobody frames the page. What
   * somebody else put into the document would not run, for it has another hash.
   */
  private static String policy(String scripts, String styles) {
    return "default-src 'none'; script-src %s; style-src %s; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        .formatted(scripts, styles);
  }

  private static String hash(String text) {
    MessageDigest sha256 = Asset.sha256();
    byte[] digest = sha256.digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-%s'".formatted(Base64.getEncoder().encodeToString(digest));
  }

  /** What a browser is allowed to do with the page. */
  String policy() {
    return policy;
  }

  /**
   * The document as it is sent.
   *
   * @param news of what the page shows first, JSON
   * @param mark of that, to ask for what comes after it
   */
  byte[] with(byte[] news, String mark) {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(beforeMark.length + news.length + afterData.length + 256);
    out.writeBytes(beforeMark);
    out.writeBytes((mark + DATA).getBytes(StandardCharsets.UTF_8));
    // In JSON it can only stand within a text, and there it may be written so.
    byte[] less = "\\u003c".getBytes(StandardCharsets.UTF_8);
    int from = 0;
    for (int i = 0; i < news.length; i++) {
      if (news[i] == '<') {
        out.write(news, from, i - from);
        out.writeBytes(less);
        from = i + 1;
      }
    }
    out.write(news, from, news.length - from);
    out.writeBytes(afterData);
    return out.toByteArray();
  }
}
