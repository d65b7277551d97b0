package io.billingsdk.artifacts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What Maven Central asks of a POM: who made it, under which licence, and where its source is. */
final class PomRules {
  /** What a module takes from its parent if it does not say it. A name is not inherited. */
  private static final List<String> INHERITED =
      List.of(
          "description",
          "url",
          "licenses/license/name",
          "licenses/license/url",
          "developers/developer/name",
          "scm/connection",
          "scm/developerConnection",
          "scm/url");

  private PomRules() {}

  /** The faults of the POM of a module, when these are staged beside it. */
  static List<String> problems(StagedModule module, Set<String> staged) throws IOException {
    List<String> problems = new ArrayList<>();
    Pom pom = module.pom();
    if (!pom.artifact().equals(module.artifact()) || !pom.version().equals(module.version())) {
      problems.add("the POM is of " + pom.artifact() + " " + pom.version());
    }
    if (pom.text("name").isEmpty()) {
      problems.add("the POM has no <name>");
    }
    String parent = pom.text("parent/artifactId");
    if (!parent.isEmpty() && !staged.contains(parent)) {
      problems.add("its parent " + parent + " is not staged");
      parent = "";
    }
    for (String path : INHERITED) {
      if (pom.text(path).isEmpty() && (parent.isEmpty() || inherited(module, parent, path))) {
        problems.add("the POM has no <" + path.replace("/", "><") + ">");
      }
    }
    if (pom.has("repositories") || pom.has("pluginRepositories")) {
      problems.add("the POM names repositories");
    }
    pom.dependencies().forEach(each -> problems.addAll(problems(module, each, staged)));
    problems.addAll(
        VersionRules.problems(
            module, parent.isEmpty() ? Optional.empty() : Optional.of(module.sibling(parent))));
    return problems;
  }

  private static boolean inherited(StagedModule module, String parent, String path)
      throws IOException {
    return module.sibling(parent).pom().text(path).isEmpty();
  }

  private static List<String> problems(
      StagedModule module, Pom.Dependency dependency, Set<String> staged) {
    List<String> problems = new ArrayList<>();
    String name = dependency.artifact();
    if (dependency.scope().equals("system")) {
      problems.add("it depends on a file of this machine: " + name);
    }
    boolean brought = !dependency.optional() && !dependency.scope().equals("test");
    if (dependency.group().equals(module.group().replace('/', '.'))
        && brought
        && !staged.contains(name)) {
      problems.add("it depends on " + name + ", which is not staged");
    }
    return problems;
  }
}
