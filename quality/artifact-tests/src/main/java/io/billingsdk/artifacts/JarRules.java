package io.billingsdk.artifacts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a jar needs beside it: the source of each class, a page for each package, an SBOM. */
final class JarRules {
  /** In it stand the libraries of others in the shaded core. */
  private static final String SHADED = "io/billingsdk/shaded/";

  private JarRules() {}

  static List<String> problems(StagedModule module) throws IOException {
    List<String> problems = new ArrayList<>();
    for (String ending : List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.xml")) {
      if (!module.has(ending)) {
        problems.add("there is no " + module.file(ending).getFileName());
      }
    }
    if (!problems.isEmpty()) {
      return problems;
    }
    if (module.moduleName().isEmpty()) {
      problems.add("the manifest has no Automatic-Module-Name");
    }
    Set<String> classes = classes(module);
    classes.stream()
        .filter(name -> !name.startsWith("io/billingsdk/"))
        .forEach(name -> problems.add("the jar has a class of others: " + name));
    problems.addAll(withoutSource(module, classes));
    problems.addAll(withoutPage(module, classes));
    return problems;
  }

  /** Top-level classes; those of others are left out where they have names of ours. */
  private static Set<String> classes(StagedModule module) throws IOException {
    return module.entries(".jar").stream()
        .filter(name -> name.endsWith(".class") && !name.contains("$"))
        .map(name -> name.replaceFirst("^META-INF/versions/\\d+/", ""))
        .filter(name -> !name.startsWith(SHADED) && !name.endsWith("module-info.class"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> withoutSource(StagedModule module, Set<String> classes)
      throws IOException {
    Set<String> sources = module.entries("-sources.jar");
    return classes.stream()
        .map(name -> name.replaceFirst("\\.class$", ".java"))
        .filter(name -> !sources.contains(name))
        .map(name -> "the sources have no " + name)
        .toList();
  }

  private static List<String> withoutPage(StagedModule module, Set<String> classes)
      throws IOException {
    Set<String> pages = module.entries("-javadoc.jar");
    List<String> problems = new ArrayList<>();
    if (!pages.contains("index.html")) {
      problems.add("the Javadoc has no index.html");
    }
    pages.stream()
        .filter(name -> name.contains("/internal/"))
        .limit(1)
        .forEach(name -> problems.add("the Javadoc has what is internal: " + name));
    classes.stream()
        .map(JarRules::folder)
        .filter(name -> name.startsWith("io/billingsdk") && !name.contains("/internal"))
        .distinct()
        .filter(name -> !pages.contains(name + "/package-summary.html"))
        .forEach(name -> problems.add("the Javadoc has no page of " + name));
    return problems;
  }

  private static String folder(String entry) {
    return entry.contains("/") ? entry.substring(0, entry.lastIndexOf('/')) : "";
  }
}
