package io.tidecast.flink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTest {

  @Test
  void shouldSayThatClassesInNoJarAreOfNoVersion() {
    assertThat(Build.ofTidecast()).hasToString("development, commit unknown");
  }

  @Test
  void shouldReadTheManifestOfTheJarThatItIsIn(@TempDir Path folder) throws Exception {
    Path jar = jar(folder.resolve("some.jar"));
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Object build = loader.loadClass(Build.class.getName()).getMethod("ofTidecast").invoke(null);

      assertThat(build).hasToString("1.2.3, commit 0123456789ab");
    }
  }

  private static Path jar(Path file) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "1.2.3");
    manifest.getMainAttributes().putValue("Implementation-Commit", "0123456789ab");
    String name = Build.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest);
        InputStream in = Build.class.getResourceAsStream("Build.class")) {
      out.putNextEntry(new JarEntry(name));
      in.transferTo(out);
    }
    return file;
  }
}
