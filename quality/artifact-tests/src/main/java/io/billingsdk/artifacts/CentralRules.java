package io.billingsdk.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether Maven Central would take a staged repository, and whether it is whole. */
final class CentralRules {
  private static final String GROUP = "io/billingsdk";
  private static final String BOM = "billing-sdk-bom";
  private static final String SHADED = "billing-sdk-core-shaded";

  private final Path repository;
  private final String version;
  private final boolean signed;

  /**
   * @param signed whether each upload needs a signature beside it
   */
  CentralRules(Path repository, String version, boolean signed) {
    this.repository = repository;
    this.version = version;
    this.signed = signed;
  }

  /** The artifacts that exist. */
  Set<String> staged() throws IOException {
    Path group = repository.resolve(GROUP);
    if (!Files.isDirectory(group)) {
      return Set.of();
    }
    try (Stream<Path> modules = Files.list(group)) {
      return modules
          .filter(Files::isDirectory)
          .map(each -> each.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  StagedModule module(String artifact) {
    return new StagedModule(repository, GROUP, artifact, version);
  }

  /** All that is wrong, each with the name of its module; empty if these are staged, and well. */
  List<String> problems(Set<String> published) throws IOException {
    List<String> problems = new ArrayList<>();
    if (version.endsWith("-SNAPSHOT")) {
      problems.add("the version is " + version + ": Maven Central takes no snapshots");
    }
    Set<String> staged = staged();
    staged.stream()
        .filter(name -> !published.contains(name))
        .forEach(name -> problems.add(name + ": is staged, and is never published"));
    for (String name : published) {
      if (!module(name).has(".pom")) {
        problems.add(name + ": has no POM of " + version);
        continue;
      }
      for (String problem : problems(module(name), staged)) {
        problems.add(name + ": " + problem);
      }
    }
    problems.addAll(bom(published));
    return problems;
  }

  private List<String> problems(StagedModule module, Set<String> staged) throws IOException {
    List<String> problems = new ArrayList<>(PomRules.problems(module, staged));
    for (String upload : module.uploads()) {
      Path file = module.directory().resolve(upload);
      problems.addAll(Digests.problems(file));
      if (signed && !Files.exists(file.resolveSibling(upload + ".asc"))) {
        problems.add("there is no " + upload + ".asc");
      }
    }
    if (module.pom().packaging().equals("jar")) {
      problems.addAll(JarRules.problems(module));
      if (module.has("-cyclonedx.xml")) {
        problems.addAll(SbomRules.problems(module));
      }
    }
    if (module.artifact().equals(SHADED)) {
      problems.addAll(shaded(module));
    }
    return problems;
  }

  /** A service takes the shaded core to keep its own Netty: none may come along. */
  private static List<String> shaded(StagedModule module) throws IOException {
    Set<String> allowed = Set.of("jackson-databind", "slf4j-api", "jspecify");
    return module.pom().dependencies().stream()
        .map(Pom.Dependency::artifact)
        .filter(name -> !allowed.contains(name))
        .map(name -> "it brings " + name)
        .toList();
  }

  /** A project that imports the BOM finds each jar in it, and gets no version of others. */
  private List<String> bom(Set<String> published) throws IOException {
    List<String> problems = new ArrayList<>();
    if (!published.contains(BOM) || !module(BOM).has(".pom")) {
      return problems;
    }
    Pom bom = module(BOM).pom();
    if (bom.has("parent")) {
      problems.add(BOM + ": it has a parent, whose versions it would hand on");
    }
    Set<String> managed = new TreeSet<>();
    for (Pom.Dependency each : bom.managed()) {
      managed.add(each.artifact());
      if (!each.group().equals("io.billingsdk") || !each.version().equals(version)) {
        problems.add(BOM + ": it has " + each.artifact() + " " + each.version());
      }
    }
    for (String name : published) {
      StagedModule module = module(name);
      if (module.has(".pom") && module.pom().packaging().equals("jar") && !managed.remove(name)) {
        problems.add(BOM + ": it lacks " + name);
      }
    }
    managed.forEach(name -> problems.add(BOM + ": it has " + name + ", which is not published"));
    return problems;
  }
}
