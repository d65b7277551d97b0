package io.billingsdk.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the module system asks of the published jars: a stable name, and no package in two. */
final class ModuleNamesTest {
  private static final Path ROOT = Path.of("../..");

  /**
   * The published jars, and those of rating, costs, forecasts and seals. The shaded core stands in
   * the place of core, under the same name.
   */
  private static final Map<String, String> NAMES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("billing-costs", "io.billingsdk.costs"),
              Map.entry("billing-forecast", "io.billingsdk.forecast"),
              Map.entry("billing-protocol", "io.billingsdk.protocol"),
              Map.entry("billing-rating", "io.billingsdk.rating"),
              Map.entry("billing-sdk-core", "io.billingsdk"),
              Map.entry("billing-sdk-core-shaded", "io.billingsdk"),
              Map.entry("billing-sdk-grpc", "io.billingsdk.grpc"),
              Map.entry("billing-sdk-micrometer", "io.billingsdk.micrometer"),
              Map.entry("billing-sdk-spring-boot", "io.billingsdk.spring"),
              Map.entry("billing-seal", "io.billingsdk.seal"),
              Map.entry("billing-sdk-testkit", "io.billingsdk.testkit")));

  @Test
  void names_ofPublishedJars_areStatedAndInTheManifests() throws IOException {
    int jars = 0;
    for (Map.Entry<String, String> module : NAMES.entrySet()) {
      Path directory = ROOT.resolve(module.getKey());
      assertThat(directory.resolve("pom.xml"))
          .content()
          .contains("<Automatic-Module-Name>" + module.getValue() + "</Automatic-Module-Name>");
      Path jar = jarOf(directory, module.getKey());
      // ./mvnw test makes no jars.
      if (jar != null) {
        jars++;
        assertThat(nameIn(jar)).as(jar.toString()).isEqualTo(module.getValue());
      }
    }
    Proof.of("module-names").with("modules", NAMES.size()).with("jars-read", jars).print();
  }

  @Test
  void packages_ofPublishedJars_areInOneJarEach() throws IOException {
    Map<String, List<String>> modulesOf = new TreeMap<>();
    for (String module : NAMES.keySet()) {
      for (String packageName : packages(ROOT.resolve(module).resolve("src/main/java"))) {
        modulesOf.computeIfAbsent(packageName, any -> new ArrayList<>()).add(module);
      }
    }
    assertThat(modulesOf).isNotEmpty();
    assertThat(modulesOf).allSatisfy((name, modules) -> assertThat(modules).as(name).hasSize(1));
    Proof.of("split-packages").with("packages", modulesOf.size()).with("split", 0).print();
  }

  private static List<String> packages(Path sources) throws IOException {
    if (!Files.exists(sources)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> sources.relativize(file.resolve("..").normalize()).toString())
          .distinct()
          .toList();
    }
  }

  private static @Nullable Path jarOf(Path directory, String module) throws IOException {
    Path target = directory.resolve("target");
    if (!Files.exists(target)) {
      return null;
    }
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(
              file ->
                  file.getFileName().toString().matches(module + "-[0-9][^-]*(-SNAPSHOT)?[.]jar"))
          .findFirst()
          .orElse(null);
    }
  }

  private static @Nullable String nameIn(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest() == null
          ? null
          : file.getManifest().getMainAttributes().getValue("Automatic-Module-Name");
    }
  }
}
