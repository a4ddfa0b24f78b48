package io.tidecast.cli.model;

import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds models: the folder of one, or a name of the zoo that ships with Tidecast. */
public final class ModelZoo {
  /** This property names the folder of Tidecast itself; the launcher sets it. */
  static final String ROOT_PROPERTY = "tidecast.root";

  private final Path folder;

  ModelZoo(Path folder) {
    this.folder = folder;
  }

  /** Opens the zoo beside the launcher; without a launcher the one under the working folder. */
  public static ModelZoo ofInstallation() {
    return new ModelZoo(Path.of(System.getProperty(ROOT_PROPERTY, "."), "models", "zoo"));
  }

  /**
   * Finds the folder of a model.
   *
   * @param name a folder with a manifest, {@code id/version} of the zoo, or {@code id} for its
   *     newest version
   * @throws ModelException if there is none, naming those there are
   */
  public Path find(String name) {
    for (Path candidate : List.of(Path.of(name), folder.resolve(name))) {
      if (isModel(candidate)) {
        return candidate.toAbsolutePath().normalize();
      }
    }
    List<Path> versions = models(folder.resolve(name), 1);
    if (versions.isEmpty()) {
      throw new ModelException(
          "model must be a folder with a %s or a name of the zoo: model=%s; %s has %s"
              .formatted(
                  ModelManifest.FILE,
                  name,
                  folder,
                  models().stream().map(m -> folder.relativize(m).toString()).toList()));
    }
    return versions.get(versions.size() - 1).toAbsolutePath().normalize();
  }

  /** Lists the folders of all models, oldest version first. */
  public List<Path> models() {
    return models(folder, 2);
  }

  /** Lists the models so many folders below, oldest version first. */
  private static List<Path> models(Path parent, int depth) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.walk(parent, depth)) {
      // Versions are numbers: 10 comes after 9.
      return folders
          .filter(ModelZoo::isModel)
          .sorted(
              Comparator.comparing(Path::getParent)
                  .thenComparing(p -> p.getFileName().toString().length())
                  .thenComparing(Comparator.naturalOrder()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isModel(Path folder) {
    return Files.isRegularFile(folder.resolve(ModelManifest.FILE));
  }
}
