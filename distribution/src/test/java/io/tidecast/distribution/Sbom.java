package io.tidecast.distribution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a file of CycloneDX lists. */
final class Sbom {

  private static final Pattern CLASSIFIER = Pattern.compile("[?&]classifier=([^&]+)");

  private final JsonNode document;

  private Sbom(JsonNode document) {
    this.document = document;
  }

  static Sbom read(Path file) throws IOException {
    return new Sbom(new ObjectMapper().readTree(file.toFile()));
  }

  JsonNode document() {
    return document;
  }

  /** The files of its components, as Maven names them. */
  Set<String> jars() {
    Set<String> jars = new TreeSet<>();
    for (JsonNode component : document.path("components")) {
      Matcher classifier = CLASSIFIER.matcher(component.path("purl").asText());
      jars.add(
          "%s-%s%s.jar"
              .formatted(
                  component.path("name").asText(),
                  component.path("version").asText(),
                  classifier.find() ? "-" + classifier.group(1) : ""));
    }
    return jars;
  }

  /** What it is of, and its components, as {@code group/name}. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    JsonNode whole = document.path("metadata").path("component");
    names.add(whole.path("group").asText() + "/" + whole.path("name").asText());
    for (JsonNode component : document.path("components")) {
      names.add(component.path("group").asText() + "/" + component.path("name").asText());
    }
    return names;
  }
}
