package io.billingsdk.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The files of one module in a staged repository, which has the layout of Maven.
 *
 * @param group as a path, {@code io/billingsdk}
 */
record StagedModule(Path repository, String group, String artifact, String version) {

  Path directory() {
    return repository.resolve(group).resolve(artifact).resolve(version);
  }

  /** Another module of the same release. */
  StagedModule sibling(String other) {
    return new StagedModule(repository, group, other, version);
  }

  /** One of its files: {@code .jar}, {@code -sources.jar}, {@code .pom}. */
  Path file(String ending) {
    return directory().resolve(artifact + "-" + version + ending);
  }

  boolean has(String ending) {
    return Files.isRegularFile(file(ending));
  }

  Pom pom() throws IOException {
    return Pom.read(file(".pom"));
  }

  /** Names of the files that are uploaded, without checksums and signatures. */
  Set<String> uploads() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      Set<String> names = new TreeSet<>();
      files
          .map(each -> each.getFileName().toString())
          .filter(name -> !name.startsWith("maven-metadata"))
          .filter(name -> !name.matches(".*\\.(md5|sha1|sha256|sha512|asc)"))
          .forEach(names::add);
      return names;
    }
  }

  /** Names of the entries of one of its jars; none if the jar is not there. */
  Set<String> entries(String ending) throws IOException {
    if (!has(ending)) {
      return Set.of();
    }
    try (JarFile jar = new JarFile(file(ending).toFile())) {
      Set<String> names = new TreeSet<>();
      jar.stream().filter(entry -> !entry.isDirectory()).forEach(e -> names.add(e.getName()));
      return names;
    }
  }

  /** The name of the module that the manifest states; empty if it states none. */
  String moduleName() throws IOException {
    try (JarFile jar = new JarFile(file(".jar").toFile())) {
      String name =
          jar.getManifest() == null
              ? null
              : jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name");
      return name == null ? "" : name;
    }
  }
}
