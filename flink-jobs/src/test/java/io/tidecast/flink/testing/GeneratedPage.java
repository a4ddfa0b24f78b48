package io.tidecast.flink.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pages of {@code docs} that the code renders; with {@value #WRITE}=true, tests write them. */
public final class GeneratedPage {

  private static final String WRITE = "tidecast.docs.write";

  private GeneratedPage() {}

  /** Fails unless a page is committed as it is rendered now. */
  public static void assertCommitted(String name, String rendered) throws IOException {
    Path page = Path.of(System.getProperty("tidecast.root"), "docs", name);
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(page, rendered);
    }
    assertThat(page).as("its end says how to write it anew: %s", page).hasContent(rendered);
  }
}
